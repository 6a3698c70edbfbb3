import { StringDecoder } from "node:string_decoder";
import { turnMark } from "./runtime-message.ts";

/** Raw output of the runtime's file descriptor 1 or 2, without the marks that end a cell's share. */
export class RawOutput {
  readonly #token: string;
  readonly #onText: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  readonly #waiting = new Map<number, () => void>();
  #turnWaiting: { readonly turn: number; readonly resolve: () => void }[] = [];
  #turn = 0;
  #released = 0;
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
    this.#read();
  }

  /** Resolves when all that was written before the mark of `turn` is told; what follows waits for `release`. */
  reached(turn: number): Promise<void> {
    if (this.#turn >= turn) return Promise.resolve();
    return new Promise((resolve) => this.#turnWaiting.push({ turn, resolve }));
  }

  /** Lets what stands behind the marks up to `turn` be told. */
  release(turn: number): void {
    this.#released = Math.max(this.#released, turn);
    this.#read();
  }

  #read(): void {
    for (;;) {
      if (this.#turn > this.#released) return;
      const start = this.#held.indexOf(`\u0000${this.#token}:`);
      if (start === -1) break;
      const end = this.#held.indexOf("\u0000", start + 1);
      if (end === -1) break;
      this.#emit(this.#held.slice(0, start));
      const mark = this.#held.slice(start + this.#token.length + 2, end);
      this.#held = this.#held.slice(end + 1);
      if (mark.startsWith("t")) this.#reach(Number(mark.slice(1)));
      else this.#pass(Number(mark));
    }
    // What may be the start of a mark waits for its rest.
    const mark = this.#held.lastIndexOf("\u0000");
    const mayContinue =
      mark !== -1 && this.#held.length - mark < turnMark(this.#token, 4_294_967_295).length;
    const ready = mayContinue ? this.#held.slice(0, mark) : this.#held;
    this.#held = this.#held.slice(ready.length);
    this.#emit(ready);
  }

  #pass(execution: number): void {
    this.#seen = Math.max(this.#seen, execution);
    for (const [waited, resolve] of this.#waiting) if (waited <= this.#seen) resolve();
  }

  #reach(turn: number): void {
    this.#turn = turn;
    const there = this.#turnWaiting.filter((waiting) => waiting.turn <= turn);
    this.#turnWaiting = this.#turnWaiting.filter((waiting) => waiting.turn > turn);
    for (const { resolve } of there) resolve();
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
