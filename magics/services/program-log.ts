import { stripVTControlCharacters } from "node:util";

const maxLineLength = 2000;

/** The last lines a program wrote, without colours and without the secrets it was given. */
export class ProgramLog {
  readonly #lines: string[] = [];
  readonly #secrets: readonly string[];
  readonly #limit: number;
  readonly #onLine: (line: string) => void;

  constructor(options: {
    readonly secrets?: readonly string[];
    readonly limit?: number;
    readonly onLine?: (line: string) => void;
  }) {
    this.#secrets = (options.secrets ?? []).filter((secret) => secret.length > 0);
    this.#limit = options.limit ?? 200;
    this.#onLine = options.onLine ?? (() => {});
  }

  /** Reads `stream` to its end, line by line. Several streams may be read at once. */
  read(stream: NodeJS.ReadableStream): void {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      const lines = (rest + text).split(/\r\n|\n|\r/);
      rest = lines.pop() ?? "";
      for (const line of lines) this.add(line);
      if (rest.length > 4 * maxLineLength) {
        this.add(rest);
        rest = "";
      }
    });
    stream.on("end", () => {
      if (rest !== "") this.add(rest);
    });
    stream.on("error", () => {}); // A broken pipe is the end of the program, told elsewhere.
  }

  add(line: string): void {
    let clean = stripVTControlCharacters(line).trimEnd();
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, "•••");
    clean = clean.slice(0, maxLineLength);
    if (clean === "") return;
    this.#lines.push(clean);
    if (this.#lines.length > this.#limit) this.#lines.shift();
    this.#onLine(clean);
  }

  /** The lines kept, or only the last `count`; oldest first. */
  lines(count = this.#limit): readonly string[] {
    return this.#lines.slice(-count);
  }
}
