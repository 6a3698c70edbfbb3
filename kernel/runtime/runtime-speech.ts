import type { Readable } from "node:stream";
import { type Packet, PacketReader } from "./packets.ts";
import { RawOutput } from "./raw-output.ts";
import type { RuntimeEvent } from "./runtime.ts";
import type { MessageFromRuntime } from "./runtime-message.ts";
import { within } from "./within.ts";

const drainDeadlineMs = 500;

type Message = Exclude<MessageFromRuntime, { readonly type: "turn" }>;

export interface SpeechListeners {
  onStream(event: Extract<RuntimeEvent, { type: "stream" }>): void;
  onMessage(message: Message): void;
}

/**
 * All that a runtime says: packets of its own program and raw output of its file descriptors 1
 * and 2, told in the order in which it was made.
 */
export class RuntimeSpeech {
  /** The cell that raw output belongs to. */
  latestExecution = 0;
  readonly #listeners: SpeechListeners;
  readonly #packets = new PacketReader();
  readonly #stdout: RawOutput;
  readonly #stderr: RawOutput;
  readonly #unread: Packet[] = [];
  #isWaitingForRaw = false;

  constructor(
    child: { readonly [name in "stdout" | "stderr" | "events"]: Readable | null },
    token: string,
    listeners: SpeechListeners,
  ) {
    this.#listeners = listeners;
    this.#stdout = this.#rawOutput("stdout", child.stdout, token);
    this.#stderr = this.#rawOutput("stderr", child.stderr, token);
    child.events?.on("data", (chunk: Buffer) => this.#readPackets(chunk));
  }

  /** The last few thousand characters of its standard error. */
  get errorTail(): string {
    return this.#stderr.tail;
  }

  /** Resolves when the raw output of `execution` is told, or after half a second without its end. */
  async drain(execution: number): Promise<void> {
    const both = [this.#stdout.drained(execution), this.#stderr.drained(execution)];
    await within(drainDeadlineMs, Promise.all(both));
  }

  /** Nothing more is waited for: the process is gone. */
  release(): void {
    for (const output of [this.#stdout, this.#stderr]) output.release(Number.POSITIVE_INFINITY);
  }

  #rawOutput(name: "stdout" | "stderr", stream: Readable | null, token: string): RawOutput {
    const output = new RawOutput(token, (text) =>
      this.#listeners.onStream({ type: "stream", execution: this.latestExecution, name, text }),
    );
    stream?.on("data", (chunk: Buffer) => output.push(chunk));
    return output;
  }

  #readPackets(chunk: Buffer): void {
    // Raw output that came before is told first when both are there to be read.
    setImmediate(() => {
      this.#unread.push(...this.#packets.push(chunk));
      this.#tellPackets();
    });
  }

  #tellPackets(): void {
    let text: { name: "stdout" | "stderr"; execution: number; parts: string[] } | undefined;
    const tell = () => {
      if (text === undefined) return;
      const { name, execution, parts } = text;
      text = undefined;
      this.#listeners.onStream({ type: "stream", execution, name, text: parts.join("") });
    };
    while (!this.#isWaitingForRaw) {
      const packet = this.#unread.shift();
      if (packet === undefined) break;
      if (packet.kind === "stream") {
        if (text?.name !== packet.name || text.execution !== packet.execution) {
          tell();
          text = { name: packet.name, execution: packet.execution, parts: [] };
        }
        text.parts.push(packet.text);
      } else {
        tell();
        // Only our own program writes messages here.
        const message = packet.message as MessageFromRuntime;
        if (message.type === "turn") void this.#takeTurn(message.turn);
        else this.#listeners.onMessage(message);
      }
    }
    tell();
  }

  /** Messages and raw output meet here, so that neither is told before what came first. */
  async #takeTurn(turn: number): Promise<void> {
    this.#isWaitingForRaw = true;
    const both = [this.#stdout.reached(turn), this.#stderr.reached(turn)];
    await within(drainDeadlineMs, Promise.all(both));
    this.#stdout.release(turn);
    this.#stderr.release(turn);
    this.#isWaitingForRaw = false;
    this.#tellPackets();
  }
}
