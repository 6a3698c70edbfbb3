import type { CommandDescription, MagicDescription, OptionDescription } from "../extension.ts";
import { splitLine } from "../options/split-line.ts";

/** One word of a magic's line; offsets in the line, quotes included. */
export interface MagicWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The words of a line that may still be unfinished: an open quote takes the rest. */
export function wordsOf(line: string): readonly MagicWord[] {
  for (const closing of ["", '"', "'"]) {
    try {
      return splitLine(line + closing).map((word) => ({
        ...word,
        end: Math.min(word.end, line.length),
      }));
    } catch {
      // A quote is still open: the next turn closes it.
    }
  }
  return [];
}

/** The command that a line means, and the words behind its name. */
export function findCommand(
  magic: MagicDescription,
  words: readonly MagicWord[],
): { readonly command: CommandDescription | undefined; readonly rest: readonly MagicWord[] } {
  const named = magic.commands.find(({ name }) => name !== "" && name === words[0]?.text);
  if (named !== undefined) return { command: named, rest: words.slice(1) };
  return { command: magic.commands.find(({ name }) => name === ""), rest: words };
}

/** The option that a word like `--max-depth` or `--max-depth=3` names. */
export function findOption(
  command: CommandDescription,
  word: string,
): OptionDescription | undefined {
  const [flag] = word.split("=");
  return command.options.find((option) => option.flag === flag || option.short === flag);
}
