import { KernelError } from "../errors.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { Message } from "../protocol/message.ts";
import { parseRequest, type Request } from "../protocol/request.ts";
import type { WireCodec } from "../protocol/wire-codec.ts";
import type { CellExecutor } from "./cell-executor.ts";
import { log } from "./log.ts";
import type { Outbox } from "./outbox.ts";

export interface Collaborators {
  readonly codec: WireCodec;
  readonly outbox: Outbox;
  readonly executor: CellExecutor;
  /** The content of the reply; undefined where a message has none. */
  readonly answer: (
    request: Exclude<Request, { type: "execute_request" }>,
    message: Message,
  ) => Promise<JsonObject | undefined>;
  readonly onInput: (message: Message) => void;
}

/**
 * Takes what comes on the kernel's sockets to whoever answers it. Execute requests queue; all
 * others are answered at once, also while a cell runs. Whatever comes, nothing is thrown.
 */
export class Dispatcher {
  readonly #with: Collaborators;
  /** Resolves when the replies on shell so far are sent. */
  #sent: Promise<void> = Promise.resolve();

  constructor(collaborators: Collaborators) {
    this.#with = collaborators;
  }

  receive(channel: "shell" | "control" | "stdin", frames: readonly Uint8Array[]): void {
    const decoded = this.#with.codec.decode(frames);
    if (decoded.kind === "rejected") {
      log(`A message on ${channel} is ignored: ${decoded.reason}.`);
    } else if (channel === "stdin") {
      this.#with.onInput(decoded.message);
    } else {
      void this.#dispatch(channel, decoded.message);
    }
  }

  async #dispatch(channel: "shell" | "control", message: Message): Promise<void> {
    let request: Request | undefined;
    try {
      request = parseRequest(message);
    } catch (error) {
      return this.#handle(channel, message, () => Promise.reject(error));
    }
    if (request === undefined) {
      log(`A message of the unknown type ${message.header.msg_type} is ignored.`);
    } else if (request.type === "execute_request") {
      this.#with.executor.push(message, request);
    } else {
      const known = request;
      await this.#handle(channel, message, () => this.#with.answer(known, message));
    }
  }

  async #handle(
    channel: "shell" | "control",
    message: Message,
    answer: () => Promise<JsonObject | undefined>,
  ): Promise<void> {
    const { outbox } = this.#with;
    outbox.publish(message, { type: "status", content: { execution_state: "busy" } });
    const isOrdered = channel === "shell" && waitsForItsTurn(message);
    const before = this.#sent;
    const answered = answer().catch((error: unknown) => errorReply(message, error));
    const sent = (async () => {
      const content = await answered;
      if (isOrdered) await before;
      if (content !== undefined && message.header.msg_type.endsWith("_request")) {
        outbox.reply(channel, message, content);
      }
      outbox.publish(message, { type: "status", content: { execution_state: "idle" } });
    })();
    if (isOrdered) this.#sent = sent;
    await sent;
  }
}

/**
 * Requests on shell are worked on side by side, and replied to in the order they came. That the
 * kernel is there or ends is told at once, and messages without a reply keep nobody waiting.
 */
function waitsForItsTurn({ header: { msg_type } }: Message): boolean {
  const isUrgent = msg_type === "kernel_info_request" || msg_type === "shutdown_request";
  return msg_type.endsWith("_request") && !isUrgent;
}

function errorReply(message: Message, error: unknown): JsonObject {
  const evalue = error instanceof Error ? error.message : String(error);
  log(`${message.header.msg_type} failed: ${evalue}`);
  const ename = error instanceof Error ? error.name : "Error";
  const stack =
    error instanceof KernelError || !(error instanceof Error) ? [] : [error.stack ?? ""];
  return { status: "error", ename, evalue, traceback: [`${ename}: ${evalue}`, ...stack] };
}
