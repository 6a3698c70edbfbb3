import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Duplex, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { messagePackets } from "./packets.ts";
import type { RuntimeOptions } from "./runtime.ts";
import { descriptors, type InputAnswer, type MessageToRuntime } from "./runtime-message.ts";

/** The process of a runtime and the pipes to it; it leads a process group of its own. */
export class RuntimeChild {
  readonly pid: number;
  readonly #child: ChildProcess;
  #messageNumber = 0;

  constructor({ folder, environment, extensions }: RuntimeOptions, token: string) {
    this.#child = spawn(
      process.execPath,
      [
        // Terminating a loop below a timer leaves the bookkeeping of async hooks behind, which
        // would make Node abort.
        "--no-force-async-hooks-checks",
        "--disable-warning=ExperimentalWarning",
        fileURLToPath(new URL("./main.js", import.meta.url)),
      ],
      {
        cwd: folder,
        env: {
          ...environment,
          COLABCODE_RUNTIME: JSON.stringify({ token, folder, extensions }),
        },
        detached: true,
        stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe", "pipe"],
      },
    );
    this.pid = this.#child.pid ?? 0;
    for (const stream of this.#child.stdio) {
      // Writing to a process that is gone fails; its end is told by `untilExit`.
      stream?.on("error", () => undefined);
    }
  }

  get stdout(): Readable | null {
    return this.#child.stdout;
  }

  get stderr(): Readable | null {
    return this.#child.stderr;
  }

  /** Packets of what it says. */
  get events(): Readable {
    return this.#stream(descriptors.events);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  send(message: MessageToRuntime): void {
    this.#messageNumber = (this.#messageNumber + 1) >>> 0;
    const stream = this.#stream(descriptors.requests);
    for (const packet of messagePackets(message, this.#messageNumber)) stream.write(packet);
  }

  /** Answers the input that its thread waits for. */
  answer(answer: InputAnswer): void {
    const bytes = serialize(answer);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    this.#stream(descriptors.answers).write(Buffer.concat([length, bytes]));
  }

  /** The message ends an awaiting cell; the watchdog ends one that does not let it be read. */
  interrupt(execution: number): void {
    this.#stream(descriptors.lifeline).write(`${execution}\n`);
    this.send({ type: "interrupt", execution });
  }

  terminate(): void {
    this.#child.kill("SIGTERM");
  }

  /** Ends it with all that is in its group: the shell commands it started. */
  kill(): void {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch {
      // Nobody is left in the group.
    }
    if (!this.hasEnded) this.#child.kill("SIGKILL");
  }

  /** Resolves with exit code and signal; also where the process could not be started. */
  async untilExit(): Promise<[number | null, NodeJS.Signals | null]> {
    if (this.#child.pid === undefined) {
      await once(this.#child, "error");
      return [null, null];
    }
    // Both are there for as long as the process is an event emitter of Node.
    return (await once(this.#child, "exit")) as [number | null, NodeJS.Signals | null];
  }

  /** Resolves when everything that the process wrote is read. */
  async untilClosed(): Promise<void> {
    await new Promise<void>((resolve) => this.#child.once("close", () => resolve()));
  }

  #stream(descriptor: number): Duplex {
    // All of them are made as pipes above, which are sockets on this side.
    return this.#child.stdio[descriptor] as Readable as Duplex;
  }
}
