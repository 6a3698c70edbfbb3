import { StringDecoder } from "node:string_decoder";
import { endMark } from "./runtime-message.ts";

/** Raw output of the runtime's file descriptor 1 or 2, without the marks that end a cell's share. */
export class RawOutput {
  readonly #token: string;
  readonly #onText: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  readonly #waiting = new Map<number, () => void>();
  #held = "";
  #seen = 0;
  #isCrash = false;
  /** The last few thousand characters. */
  tail = "";

  constructor(token: string, onText: (text: string) => void) {
    this.#token = token;
    this.#onText = onText;
  }

  push(chunk: Buffer): void {
    this.#held += this.#decoder.write(chunk);
    for (;;) {
      const start = this.#held.indexOf(`\u0000${this.#token}:`);
      if (start === -1) break;
      const end = this.#held.indexOf("\u0000", start + 1);
      if (end === -1) break;
      this.#emit(this.#held.slice(0, start));
      const execution = Number(this.#held.slice(start + this.#token.length + 2, end));
      this.#held = this.#held.slice(end + 1);
      this.#seen = Math.max(this.#seen, execution);
      for (const [waited, resolve] of this.#waiting) if (waited <= this.#seen) resolve();
    }
    // What may be the start of a mark waits for its rest.
    const mark = this.#held.lastIndexOf("\u0000");
    const mayContinue =
      mark !== -1 && this.#held.length - mark < endMark(this.#token, 4_294_967_295).length;
    const ready = mayContinue ? this.#held.slice(0, mark) : this.#held;
    this.#held = this.#held.slice(ready.length);
    this.#emit(ready);
  }

  /** Resolves when all that was written before the mark of `execution` is told. */
  drained(execution: number): Promise<void> {
    if (this.#seen >= execution) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.set(execution, () => {
        this.#waiting.delete(execution);
        resolve();
      });
    });
  }

  #emit(text: string): void {
    if (text === "") return;
    this.tail = (this.tail + text).slice(-4000);
    if (this.#isCrash) return;
    // Node's report of a crash is kept for the reason, not shown.
    const crash = text.search(/\n<--- Last few GCs --->|(^|\n)FATAL ERROR: /);
    if (crash !== -1) this.#isCrash = true;
    const shown = crash === -1 ? text : text.slice(0, crash);
    if (shown !== "") this.#onText(shown);
  }
}
