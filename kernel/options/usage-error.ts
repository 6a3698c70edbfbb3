import { KernelError } from "../errors.ts";
import type { Word } from "./split-line.ts";

/** A line that a magic cannot take, code `USAGE`; `word` is the place in the line it is about. */
export class UsageError extends KernelError {
  readonly word: Word | undefined;

  constructor(message: string, options: { hint?: string; word?: Word | undefined } = {}) {
    super("USAGE", message, options);
    this.name = "UsageError";
    this.word = options.word;
  }
}
