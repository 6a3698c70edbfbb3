import { nearest } from "../errors.ts";
import type { Magic, MagicCommand } from "../extension.ts";
import { commandOptions, flagOf, positionalKey } from "./describe-magic.ts";
import { usage } from "./format-help.ts";
import type { OptionType } from "./option-type.ts";
import { splitLine, type Word } from "./split-line.ts";
import { UsageError } from "./usage-error.ts";
import { validateOptions } from "./validate-options.ts";

/** A magic's line, parsed and validated. */
export type ParsedLine =
  | {
      readonly isHelp: false;
      readonly command: MagicCommand;
      readonly options: Record<string, unknown>;
    }
  | {
      /** `--help`: show `formatHelp` and do not run. No command: help on the whole magic. */
      readonly isHelp: true;
      readonly command: MagicCommand | undefined;
      readonly options: Record<string, unknown>;
    };

/** Parses the text after a magic's name. Rejects with a `UsageError` that knows its place. */
export function parseLine(magic: Magic, line: string, prefix = `%${magic.name}`): ParsedLine {
  const isLenient = magic.commands.some((command) => commandOptions(command).some(isRaw));
  return parseWords(magic, { line, words: splitLine(line, { isLenient }) }, prefix);
}

/**
 * Parses words as a program gets them. `prefix` is how the magic is called, for hints: `%name`,
 * or a program's name. Rejects with a `UsageError`.
 */
export function parseOptions(
  magic: Magic,
  words: readonly string[],
  prefix = `%${magic.name}`,
): ParsedLine {
  let end = -1;
  const placed = words.map((text) => {
    const start = end + 1;
    end = start + text.length;
    return { text, start, end };
  });
  return parseWords(magic, { line: words.join(" "), words: placed }, prefix);
}

interface Line {
  readonly line: string;
  readonly words: readonly Word[];
}

/** A positional with `.meta({ raw: true })` takes the rest of the line as it is written. */
function isRaw({ meta }: OptionType): boolean {
  return meta.raw === true;
}

function parseWords(magic: Magic, { line, words }: Line, prefix: string): ParsedLine {
  const chosen = chooseCommand(magic, words, prefix);
  const { command } = chosen;
  if (command === undefined) return { isHelp: true, command, options: {} };
  const call = command.name === "" ? prefix : `${prefix} ${command.name}`;
  const read = readWords(command, { line, words: chosen.words }, call);
  if (read === "help" || chosen.isHelp) return { isHelp: true, command, options: {} };
  return { isHelp: false, command, options: validateOptions(command, read, call) };
}

interface Choice {
  readonly command: MagicCommand | undefined;
  readonly words: readonly Word[];
  readonly isHelp: boolean;
}

function chooseCommand(magic: Magic, words: readonly Word[], prefix: string): Choice {
  const plain = magic.commands.find(({ name }) => name === "");
  const [first, ...rest] = words;
  const named = magic.commands.find(({ name }) => name !== "" && name === first?.text);
  if (named !== undefined) return { command: named, words: rest, isHelp: false };
  if (plain !== undefined) return { command: plain, words, isHelp: false };
  if (first?.text === "help" && rest.length > 0) {
    return { ...chooseCommand(magic, rest.slice(0, 1), prefix), words: [], isHelp: true };
  }
  if (first === undefined || ["help", "--help", "-h"].includes(first.text)) {
    return { command: undefined, words: [], isHelp: true };
  }
  const names = magic.commands.map(({ name }) => name);
  const near = nearest(first.text, names);
  throw new UsageError(`${prefix} has no command ${first.text}.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(" or ")}? ${prefix} --help lists all commands.`
        : `Commands: ${names.join(", ")}.`,
    word: first,
  });
}

/** What the words say, by option, before validation; `place` is the word of each. */
export interface RawOptions {
  readonly values: Record<string, unknown>;
  readonly places: ReadonlyMap<string, Word>;
}

function readWords(
  command: MagicCommand,
  { line, words }: Line,
  call: string,
): RawOptions | "help" {
  const types = new Map(commandOptions(command).map((option) => [option.key, option]));
  const values: Record<string, unknown> = {};
  const places = new Map<string, Word>();
  const bare: Word[] = [];
  const raw = [...types.values()].find(isRaw);
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word.text === "--") {
      bare.push(...queue.splice(0));
    } else if (raw !== undefined && !isOption(word.text)) {
      values[raw.key] = line.slice(word.start).trimEnd();
      places.set(raw.key, word);
      queue.length = 0;
    } else if (!isOption(word.text)) {
      bare.push(word);
    } else {
      const option = findOption([...types.values()], word, call);
      if (option === "help") return "help";
      const value = optionValue(option, word, queue);
      const before = values[option.type.key];
      values[option.type.key] =
        Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
      places.set(option.type.key, word);
    }
  }
  placeBareWords({ command, types, bare, values, places, call });
  return { values, places };
}

/** A lone dash and negative numbers are values. */
function isOption(text: string): boolean {
  return text.length > 1 && text.startsWith("-") && !/^-(\d|\.\d|Infinity$)/.test(text);
}

type NamedType = OptionType & { readonly key: string };

interface FoundOption {
  readonly type: NamedType;
  readonly isNegated: boolean;
  readonly inline: string | undefined;
}

function findOption(types: readonly NamedType[], word: Word, call: string): FoundOption | "help" {
  const equals = word.text.indexOf("=");
  const flag = equals === -1 ? word.text : word.text.slice(0, equals);
  const inline = equals === -1 ? undefined : word.text.slice(equals + 1);
  const type = types.find(({ key, meta }) => flagOf(key) === flag || `-${meta.short}` === flag);
  if (type !== undefined) return { type, isNegated: false, inline };
  if (flag === "--help" || flag === "-h") return "help";
  const negated = types.find(
    (option) =>
      (option.type === "boolean" || option.isValueOptional) &&
      flagOf(option.key).replace("--", "--no-") === flag,
  );
  if (negated !== undefined && inline === undefined) {
    return { type: negated, isNegated: true, inline };
  }
  const flags = types.map(({ key }) => flagOf(key));
  const near = nearest(flag, flags);
  throw new UsageError(`${call} has no option ${flag}.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(" or ")}? ${call} --help lists all options.`
        : flags.length > 0
          ? `Options: ${flags.join(", ")}.`
          : "It takes no options.",
    word,
  });
}

function optionValue({ type, isNegated, inline }: FoundOption, word: Word, queue: Word[]): unknown {
  if (isNegated) return false;
  if (type.type === "boolean") {
    if (inline === undefined || inline === "true") return true;
    return inline === "false" ? false : inline;
  }
  if (inline !== undefined) return convert(type, inline);
  const next = queue[0];
  if (type.isValueOptional) return true;
  if (next === undefined || isOption(next.text)) {
    throw new UsageError(`${flagOf(type.key)} needs a value.`, {
      hint: `Write ${flagOf(type.key)} VALUE${next === undefined ? "" : ` (a value that starts with a dash: ${flagOf(type.key)}=${type.meta.secret === true ? "VALUE" : next.text})`}.`,
      word,
    });
  }
  queue.shift();
  return convert(type, next.text);
}

function convert(type: OptionType, text: string): unknown {
  if (type.type === "number") return numberOrText(text);
  if (type.type !== "list") return text;
  const items = text.split(",").map((item) => item.trim());
  return type.isNumberList ? items.map(numberOrText) : items.filter((item) => item !== "");
}

function numberOrText(text: string): number | string {
  return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

interface BareWords {
  readonly command: MagicCommand;
  readonly types: ReadonlyMap<string, NamedType>;
  readonly bare: Word[];
  readonly values: Record<string, unknown>;
  readonly places: Map<string, Word>;
  readonly call: string;
}

function placeBareWords({ command, types, bare, values, places, call }: BareWords): void {
  const rest = [...bare];
  for (const positional of command.positionals ?? []) {
    const key = positionalKey(positional);
    const type = types.get(key);
    const first = rest[0];
    if (type === undefined || first === undefined) continue;
    places.set(key, first);
    if (positional.endsWith("...")) {
      const texts = rest.splice(0).map(({ text }) => text);
      values[key] = type.isNumberList ? texts.map(numberOrText) : texts;
    } else if (values[key] === undefined) {
      values[key] = convert(type, first.text);
      rest.shift();
    }
  }
  const extra = rest[0];
  if (extra === undefined) return;
  throw new UsageError(`${call} has no place for ${JSON.stringify(extra.text)}.`, {
    hint: `Usage: ${usage(command, call)}`,
    word: extra,
  });
}
