/**
 * Shows a running notebook in the terminal: each cell's source, then its outputs. A display that is
 * updated while its cell runs is shown as it was last; on a terminal its first line is seen to change.
 */
export class CellPrinter {
  #render;
  #progress;
  #held;
  #count = 0;

  /** `render` gives an output as text. */
  constructor(render, progress) {
    this.#render = render;
    this.#progress = progress;
  }

  cell({ source }) {
    this.finish();
    this.#count++;
    const prompt = `In [${this.#count}]: `;
    const lines = source.trimEnd().split("\n");
    const indented = lines.map((line, index) =>
      index === 0 ? prompt + line : " ".repeat(prompt.length) + line,
    );
    process.stdout.write(`\n${indented.join("\n")}\n`);
  }

  output(output, isUpdate) {
    const text = this.#render(output);
    if (isUpdate && this.#held === undefined) return; // Of an earlier cell, whose turn is over.
    if (!isUpdate) this.finish();
    if (output.output_type === "display_data") {
      this.#held = text;
      this.#progress.show(text.split("\n", 1)[0]);
    } else {
      process.stdout.write(text);
    }
  }

  /** Writes what is held back. */
  finish() {
    this.#progress.end();
    if (this.#held !== undefined) process.stdout.write(this.#held);
    this.#held = undefined;
  }
}
