/** Progress of one step: on a terminal one line that changes, elsewhere a plain line every 10 s. */
export class Progress {
  #isTerminal = process.stdout.isTTY === true;
  #shownAt = 0;
  #width = 0;

  show(text) {
    if (this.#isTerminal) {
      const line = text.slice(0, (process.stdout.columns ?? 80) - 1);
      process.stdout.write(`\r${line.padEnd(this.#width)}`);
      this.#width = line.length;
    } else if (Date.now() - this.#shownAt > 10_000) {
      this.#shownAt = Date.now();
      process.stdout.write(`${text}\n`);
    }
  }

  /** Replaces the line by its result. */
  end(text) {
    if (this.#width > 0) process.stdout.write(`\r${" ".repeat(this.#width)}\r`);
    this.#width = 0;
    if (text !== undefined) process.stdout.write(`${text}\n`);
  }
}
