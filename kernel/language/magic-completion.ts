import type { CommandDescription, MagicDescription, OptionDescription } from "../extension.ts";
import type { Cell } from "./cell.ts";
import { findCellMagic, findMagicLines } from "./cell-syntax.ts";
import { completeColumn } from "./column-completion.ts";
import type { Completion } from "./language.ts";
import { findCommand, findOption, type MagicWord, wordsOf } from "./magic-words.ts";
import { completePath } from "./path-completion.ts";

type Candidate = Completion["candidates"][number];

export interface MagicSurroundings {
  readonly magics: ReadonlyMap<string, MagicDescription>;
  readonly folder: string;
  /** Names of the notebook's variables. */
  variables(): readonly string[];
}

/** Candidates for the name, command, option or value of a magic at the cursor; undefined where none stands. */
export function completeMagic(
  cell: Cell,
  cursor: number,
  surroundings: MagicSurroundings,
): Completion | undefined {
  const name = completeName(cell.text, cursor, surroundings.magics);
  if (name !== undefined) return name;
  const line = [cell.cellMagic, ...cell.magicLines].find(
    (each) => each !== undefined && each.start < cursor && cursor <= each.end,
  );
  if (line === undefined) return undefined;
  const prefix = /^(?:%%?[A-Za-z_][\w-]*|!)/.exec(cell.text.slice(line.start))?.[0] ?? "";
  const start = line.start + prefix.length;
  if (cursor < start) return undefined;
  // A continued line's backslash and line break become blanks of the same length.
  const typed = cell.text
    .slice(start, cursor)
    .replace(/\\\r?\n/g, (text) => " ".repeat(text.length));
  const words = wordsOf(typed);
  const last = words.at(-1);
  const word =
    last !== undefined && last.end === typed.length && !/\s$/.test(typed)
      ? last
      : { text: "", start: typed.length, end: typed.length };
  const before = word === last ? words.slice(0, -1) : words;
  const { candidates, skip } = prefix.startsWith("!")
    ? { candidates: completePath(surroundings.folder, word.text), skip: 0 }
    : completeWord(surroundings.magics.get(line.name), before, word, surroundings);
  const rest = /^\S*/.exec(cell.text.slice(cursor))?.[0].length ?? 0;
  return { start: start + word.start + skip, end: cursor + rest, candidates };
}

/** Names of magics behind `%` or `%%`. */
function completeName(
  text: string,
  cursor: number,
  magics: ReadonlyMap<string, MagicDescription>,
): Completion | undefined {
  const match = /(%%?)(\w*)$/.exec(text.slice(0, cursor));
  if (match === null) return undefined;
  const [whole, percents = "", typed = ""] = match;
  const start = cursor - whole.length;
  const rest = /^\w*/.exec(text.slice(cursor))?.[0].length ?? 0;
  // With a name in place, the cell syntax tells whether a magic can stand here.
  const named = `${text.slice(0, start)}${percents}x${text.slice(cursor + rest)}`;
  const isMagic =
    percents === "%%"
      ? findCellMagic(named)?.start === start
      : findMagicLines(named).some((line) => line.start === start);
  if (!isMagic) return undefined;
  const candidates = [...magics.values()]
    .filter((magic) => magic.name.startsWith(typed))
    .filter((magic) => percents === "%" || magic.body !== "none")
    .map((magic) => ({
      text: percents + magic.name,
      type: "magic",
      signature: magic.summary,
    }));
  return { start, end: cursor + rest, candidates };
}

interface WordCandidates {
  readonly candidates: readonly Candidate[];
  /** Characters of the word that stay, like `--port=`. */
  readonly skip: number;
}

function completeWord(
  magic: MagicDescription | undefined,
  before: readonly MagicWord[],
  word: MagicWord,
  surroundings: MagicSurroundings,
): WordCandidates {
  if (magic === undefined) return { candidates: [], skip: 0 };
  const { command, rest } = findCommand(magic, before);
  const commands =
    before.length === 0 && !word.text.startsWith("-")
      ? magic.commands.filter(({ name }) => name !== "" && name.startsWith(word.text))
      : [];
  const names = commands.map(({ name, summary }) => ({
    text: name,
    type: "command",
    signature: summary,
  }));
  if (command === undefined) return { candidates: names, skip: 0 };
  const complete = (each: OptionDescription, typed: string) =>
    each.complete === "column"
      ? completeColumn(surroundings.folder, findSource(command, rest), typed)
      : completeValue(each, typed, surroundings);
  const previous = rest.at(-1);
  const pending = previous && findOption(command, previous.text);
  if (pending && takesValue(pending) && !previous.text.includes("=")) {
    return { candidates: complete(pending, word.text), skip: 0 };
  }
  const assigned = /^(--?[\w-]+=)(.*)$/.exec(word.text);
  const option = assigned && findOption(command, word.text);
  if (assigned && option) {
    const [, head = "", value = ""] = assigned;
    return { candidates: complete(option, value), skip: head.length };
  }
  const positional = findPositional(command, rest);
  const values = positional && !word.text.startsWith("-") ? complete(positional, word.text) : [];
  const isOption = word.text === "" || word.text.startsWith("-");
  const options = isOption ? completeOption(command, rest, word.text) : [];
  return { candidates: [...names, ...values, ...options], skip: 0 };
}

function takesValue(option: OptionDescription): boolean {
  return option.type !== "boolean";
}

/** The words that belong to no option. */
function bareWords(command: CommandDescription, words: readonly MagicWord[]): readonly string[] {
  const bare: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const text = words[index]?.text ?? "";
    const option = findOption(command, text);
    if (option === undefined) bare.push(text);
    else if (takesValue(option) && !text.includes("=")) index++;
  }
  return bare;
}

/** The file whose columns an option of the command means. */
function findSource(command: CommandDescription, words: readonly MagicWord[]): string | undefined {
  const place = command.positionals.findIndex((name) =>
    command.options.some(({ key, complete }) => key === name && complete === "path"),
  );
  return place < 0 ? undefined : bareWords(command, words)[place];
}

/** The option that the next bare word fills. */
function findPositional(
  command: CommandDescription,
  words: readonly MagicWord[],
): OptionDescription | undefined {
  const count = bareWords(command, words).length;
  const last = command.positionals.at(-1);
  const name = command.positionals[count] ?? (last?.endsWith("...") ? last : undefined);
  return command.options.find(({ key }) => key === name?.replace(/\.\.\.$/, ""));
}

function completeOption(
  command: CommandDescription,
  words: readonly MagicWord[],
  typed: string,
): readonly Candidate[] {
  const used = new Set(words.map(({ text }) => findOption(command, text)?.key));
  const unused = command.options.filter(
    (option) =>
      !used.has(option.key) && !command.positionals.some((name) => name.startsWith(option.key)),
  );
  return [
    ...unused.map((option) => ({
      text: option.type === "boolean" && option.default === "true" ? negated(option) : option.flag,
      type: "option",
      signature: `${option.placeholder} ${option.description}`.trim(),
    })),
    { text: "--help", type: "option", signature: "Show what can be written here." },
  ].filter(({ text }) => text.startsWith(typed));
}

function negated(option: OptionDescription): string {
  return option.flag.replace(/^--/, "--no-");
}

function completeValue(
  option: OptionDescription,
  typed: string,
  { folder, variables }: MagicSurroundings,
): readonly Candidate[] {
  if (option.choices !== undefined) {
    return option.choices
      .filter((choice) => choice.startsWith(typed))
      .map((text) => ({ text, type: "value" }));
  }
  switch (option.complete) {
    case "path":
      return completePath(folder, typed);
    case "variable":
      return variables()
        .filter((name) => name.startsWith(typed))
        .map((text) => ({ text, type: "variable" }));
    case "column":
    case undefined:
      return [];
  }
}
