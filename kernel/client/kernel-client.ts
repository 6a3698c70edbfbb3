import { setTimeout as delay } from "node:timers/promises";
import { KernelError } from "../errors.ts";
import type { Channel } from "../protocol/connection.ts";
import type { JsonObject } from "../protocol/json.ts";
import { type Message, MessageFactory, type MessageParts } from "../protocol/message.ts";
import { type ClientSockets, connectClientSockets } from "../protocol/sockets.ts";
import { WireCodec } from "../protocol/wire-codec.ts";
import { Exchanges, type Listeners } from "./exchanges.ts";
import type { ExecuteOptions, ExecuteReply, ExecuteResult } from "./execution.ts";
import { KernelProcess, type LaunchOptions, type ProcessEnd } from "./kernel-process.ts";
import type { Output } from "./output.ts";
import { OutputArea } from "./output-area.ts";

export interface StartOptions extends LaunchOptions {
  /** How long the kernel may take to answer, in ms; default 30 s. */
  readonly startTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How long a subscription may take before the kernel is asked once more, in ms. */
const askAgainMs = 100;

export type { ExecuteOptions, ExecuteReply, ExecuteResult } from "./execution.ts";

export interface RequestOptions extends MessageParts {
  readonly channel?: "shell" | "control";
}

/** A kernel in a process of its own, and a conversation with it over Jupyter messages. */
export class KernelClient implements AsyncDisposable {
  /** Content of the kernel's kernel_info_reply. */
  info: JsonObject = {};
  readonly #process: KernelProcess;
  readonly #codec: WireCodec;
  readonly #messages = new MessageFactory("colabcode");
  readonly #sockets: ClientSockets;
  readonly #exchanges = new Exchanges();
  readonly #listeners = new Set<(message: Message) => void>();
  readonly #areas: OutputArea[] = [];
  #end: ProcessEnd | undefined;
  #isAnswered = false;
  readonly #isOwner: boolean;

  private constructor(kernel: KernelProcess, isOwner: boolean) {
    this.#process = kernel;
    this.#isOwner = isOwner;
    this.#codec = new WireCodec(kernel.connection.key, kernel.connection.signatureScheme);
    this.#sockets = connectClientSockets(kernel.connection, (channel, frames) =>
      this.#receive(channel, frames),
    );
    void kernel.ended.then((end) => {
      this.#end = end;
      this.#exchanges.fail(endedError(end));
    });
  }

  /** Starts a kernel; resolves when it answers and its outputs arrive, else rejects and leaves none. */
  static async start(options: StartOptions = {}): Promise<KernelClient> {
    options.signal?.throwIfAborted();
    const client = new KernelClient(await KernelProcess.launch(options), true);
    await client.#connectOrClose(options);
    return client;
  }

  /** Another front end of the same kernel; ending it leaves the kernel running. */
  async join(): Promise<KernelClient> {
    const client = new KernelClient(this.#process, false);
    await client.#connectOrClose({});
    return client;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Resolves when the kernel process is gone; never rejects. */
  get ended(): Promise<ProcessEnd> {
    return this.#process.ended;
  }

  /** Runs a cell; resolves when its reply and all outputs are in, rejects only when the kernel ends. */
  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    const area = new OutputArea();
    this.#areas.push(area);
    const { cellId, deletedCells, onInput } = options;
    const reply = await this.#converse(
      "execute_request",
      {
        code,
        silent: options.isSilent ?? false,
        store_history: options.isStored ?? true,
        user_expressions: options.userExpressions ?? {},
        allow_stdin: onInput !== undefined,
        stop_on_error: options.isStoppedByErrors ?? true,
      },
      {
        metadata: {
          ...(cellId === undefined ? {} : { cellId }),
          ...(deletedCells === undefined ? {} : { deletedCells }),
        },
        onBroadcast: (message) => {
          options.onMessage?.(message);
          if (message.header.msg_type === "update_display_data") {
            for (const output of this.#update(message)) options.onOutput?.(output, true);
            return;
          }
          const output = area.add(message);
          if (output !== undefined) options.onOutput?.(output, false);
        },
        onInput: (message) => void this.#answer(message, onInput),
      },
    );
    // The kernel's own reply: the fields every execute_reply has.
    return { reply: reply.content as ExecuteReply, outputs: area.outputs };
  }

  /** Sends any request and waits for its reply and idle. */
  async request(
    type: string,
    content: JsonObject = {},
    options: RequestOptions = {},
  ): Promise<Message> {
    return this.#converse(type, content, options);
  }

  /** Sends a message that has no reply, such as comm_msg; returns its id. */
  send(
    type: string,
    content: JsonObject,
    options: MessageParts & { readonly channel?: "shell" | "control" | "stdin" } = {},
  ): string {
    const message = this.#messages.create(type, content, options);
    this.#sockets.send(options.channel ?? "shell", this.#codec.encode(message));
    return message.header.msg_id;
  }

  /** Sends frames as they are: for those who try what a kernel makes of broken ones. */
  sendFrames(channel: "shell" | "control" | "stdin", frames: readonly Uint8Array[]): void {
    this.#sockets.send(channel, frames);
  }

  /** Calls `listener` with every iopub message until the function it returns is called. */
  onBroadcast(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** `cursor` counts code points; default is the end. */
  async complete(code: string, cursor = [...code].length): Promise<JsonObject> {
    return (await this.request("complete_request", { code, cursor_pos: cursor })).content;
  }

  async inspect(
    code: string,
    cursor = [...code].length,
    detailLevel: 0 | 1 = 0,
  ): Promise<JsonObject> {
    const content = { code, cursor_pos: cursor, detail_level: detailLevel };
    return (await this.request("inspect_request", content)).content;
  }

  async isComplete(code: string): Promise<JsonObject> {
    return (await this.request("is_complete_request", { code })).content;
  }

  async interrupt(): Promise<void> {
    await this.request("interrupt_request", {}, { channel: "control" });
  }

  /** True when the kernel's heartbeat came back within `timeoutMs`. */
  beat(timeoutMs = 1_000): Promise<boolean> {
    return this.#sockets.beat(timeoutMs);
  }

  /** Asks the kernel to end and waits until its process is gone; one that does not is killed. */
  async shutdown(): Promise<void> {
    if (this.#isOwner && this.#process.isRunning) {
      this.send("shutdown_request", { restart: false }, { channel: "control" });
    }
    await this.#close(3_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  async #close(graceMs: number): Promise<void> {
    if (this.#isOwner) await this.#process.end(graceMs);
    this.#sockets[Symbol.dispose]();
  }

  async #connectOrClose({ startTimeoutMs = 30_000, signal }: StartOptions): Promise<void> {
    try {
      await this.#connect(startTimeoutMs, signal);
    } catch (error) {
      await this.#close(0);
      throw error;
    }
  }

  /** Asks until an answer came and a broadcast with it: only then is the subscription in force. */
  async #connect(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    let isSubscribed = false;
    let askedAt = Number.NEGATIVE_INFINITY;
    const stop = this.onBroadcast(() => {
      isSubscribed = true;
    });
    try {
      while (!this.#isAnswered || !isSubscribed) {
        signal?.throwIfAborted();
        if (this.#end !== undefined) throw endedError(this.#end);
        if (performance.now() > deadline) throw this.#silentError(timeoutMs);
        const isDue = askedAt < 0 || (this.#isAnswered && performance.now() - askedAt > askAgainMs);
        if (isDue) {
          askedAt = performance.now();
          this.#ask();
        }
        await delay(5);
      }
    } finally {
      stop();
    }
  }

  #ask(): void {
    const id = this.send("kernel_info_request", {});
    const onReply = ({ content }: Message) => {
      this.info = content;
      this.#isAnswered = true;
    };
    // Idle may come before the subscription is in force: only the reply is waited for.
    this.#exchanges.begin(id, { onReply }).catch(() => {});
  }

  async #converse(
    type: string,
    content: JsonObject,
    options: RequestOptions & Listeners,
  ): Promise<Message> {
    if (this.#end !== undefined) throw endedError(this.#end);
    return this.#exchanges.begin(this.send(type, content, options), options);
  }

  #receive(channel: Channel, frames: readonly Uint8Array[]): void {
    const decoded = this.#codec.decode(frames);
    if (decoded.kind === "rejected") return;
    const { message } = decoded;
    if (channel === "iopub") for (const listener of this.#listeners) listener(message);
    const isOurs = this.#exchanges.receive(channel, message);
    if (!isOurs && message.header.msg_type === "update_display_data") this.#update(message);
  }

  #update(message: Message): Output[] {
    return this.#areas.flatMap((area) => area.update(message));
  }

  async #answer(message: Message, onInput: ExecuteOptions["onInput"]): Promise<void> {
    const { prompt, password } = message.content;
    const value = await onInput?.(String(prompt ?? ""), password === true);
    const reply = this.#messages.create(
      "input_reply",
      { status: "ok", value: value ?? "" },
      { parentHeader: message.header },
    );
    this.#sockets.send("stdin", this.#codec.encode(reply));
  }

  #silentError(timeoutMs: number): KernelError {
    const said = this.#process.lastWords;
    return new KernelError(
      "kernel-silent",
      `The kernel did not answer within ${timeoutMs / 1_000} s.${said === "" ? "" : `\n${said}`}`,
    );
  }
}

function endedError({ reason, lastWords }: ProcessEnd): KernelError {
  const said = lastWords === "" ? "" : `\n${lastWords}`;
  return new KernelError("kernel-ended", `The kernel is gone: ${reason}.${said}`);
}
