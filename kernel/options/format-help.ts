import type { CommandDescription, Magic, MagicCommand, OptionDescription } from "../extension.ts";
import { commandOptions, describeCommand, positionalKey } from "./describe-magic.ts";

const width = 80;

/**
 * Help on one command, or on the whole magic when `command` is undefined: purpose, usage,
 * examples, options or commands. `prefix` is how the magic is called: `%name`, or a program's
 * name. No line is longer than 80 columns, unless one word is.
 */
export function formatHelp(
  magic: Magic,
  command: MagicCommand | undefined,
  prefix: string,
): string {
  const plain = magic.commands.length === 1 ? magic.commands[0] : undefined;
  const subject = command ?? (plain?.name === "" ? plain : undefined);
  if (subject === undefined) return magicHelp(magic, prefix);
  const call = subject.name === "" ? prefix : `${prefix} ${subject.name}`;
  return commandHelp(subject, call);
}

/** `%colabcode app [NAME] [options]`. */
export function usage(command: MagicCommand, call: string): string {
  const required = new Map(commandOptions(command).map(({ key, isRequired }) => [key, isRequired]));
  const { positionals, options } = describeCommand(command);
  const bare = positionals.map((positional) => {
    const name = positionalName(positional, options);
    return required.get(positionalKey(positional)) ? name : `[${name}]`;
  });
  const bareKeys = new Set(positionals.map(positionalKey));
  const flagged = options.filter(({ key }) => !bareKeys.has(key));
  const needed = flagged.filter(({ key }) => required.get(key) === true);
  const named = needed.map(({ flag, placeholder }) => `${flag} ${placeholder}`);
  const more = flagged.length > needed.length ? ["[options]"] : [];
  return [call, ...bare, ...named, ...more].join(" ");
}

function magicHelp(magic: Magic, prefix: string): string {
  const rows = magic.commands.map(({ name, summary }) => [name, summary] as const);
  const examples = magic.commands.flatMap(({ examples }) => examples?.slice(0, 1) ?? []);
  return sections([
    wrap(magic.summary, 0),
    `Usage: ${prefix} COMMAND [options]`,
    table("Commands", rows),
    exampleSection(examples.slice(0, 3), prefix),
    `${prefix} COMMAND --help tells more of a command.`,
  ]);
}

function commandHelp(command: MagicCommand, call: string): string {
  const description = describeCommand(command);
  return sections([
    wrap(command.summary, 0),
    wrap(`Usage: ${usage(command, call)}`, 7),
    exampleSection(description.examples, call),
    table("Arguments", positionalRows(description)),
    table("Options", optionRows(description)),
  ]);
}

function sections(texts: readonly string[]): string {
  return `${texts.filter((text) => text !== "").join("\n\n")}\n`;
}

/** Examples are written for a notebook; another caller's own name stands in for the magic's. */
function exampleSection(examples: readonly string[], call: string): string {
  if (examples.length === 0) return "";
  const program = call.split(" ")[0] ?? call;
  const lines = examples.flatMap((example) => example.split("\n"));
  const shown = program.startsWith("%")
    ? lines
    : lines.map((line) => line.replace(/^%%?[\w-]+/, program));
  return ["Examples:", ...shown.map((line) => `  ${line}`)].join("\n");
}

function positionalRows({
  positionals,
  options,
}: CommandDescription): (readonly [string, string])[] {
  return positionals.map((positional) => {
    const option = options.find(({ key }) => key === positionalKey(positional));
    const name = positionalName(positional, options);
    return [name, option === undefined ? "" : told(option)] as const;
  });
}

/** As the option names its value; dots stay where it takes the rest. */
function positionalName(positional: string, options: readonly OptionDescription[]): string {
  const key = positionalKey(positional);
  const placeholder = options.find((option) => option.key === key)?.placeholder;
  return `${placeholder ?? key.toUpperCase()}${positional.slice(key.length)}`;
}

function optionRows({ positionals, options }: CommandDescription): (readonly [string, string])[] {
  const bareKeys = new Set(positionals.map(positionalKey));
  return options
    .filter(({ key }) => !bareKeys.has(key))
    .map((option) => {
      const isOn = option.type === "boolean" && option.default === "true";
      const flag = isOn ? option.flag.replace("--", "--no-") : option.flag;
      const names = option.short === undefined ? flag : `${option.short}, ${flag}`;
      return [`${names} ${option.placeholder}`.trim(), told(option)] as const;
    });
}

function told(option: OptionDescription): string {
  const choices =
    option.choices !== undefined && option.choices.join("|") !== option.placeholder
      ? `one of ${option.choices.join(", ")}`
      : undefined;
  const isSwitch = option.type === "boolean";
  const byDefault =
    option.default === undefined || option.isSecret || (isSwitch && option.default === "true")
      ? undefined
      : `default ${option.default}`;
  const notes = [choices, byDefault].filter((note) => note !== undefined).join("; ");
  return notes === "" ? option.description : `${option.description} (${notes})`.trim();
}

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return "";
  const column = Math.min(28, Math.max(...rows.map(([name]) => name.length)) + 4);
  const lines = rows.map(([name, text]) => {
    const head = `  ${name}`;
    const body = wrap(text, column).trimStart();
    if (body === "") return head;
    return head.length + 2 <= column
      ? head.padEnd(column) + hang(text, column)
      : `${head}\n${" ".repeat(column)}${hang(text, column)}`;
  });
  return [`${title}:`, ...lines].join("\n");
}

/** Wraps text whose first line starts at `column` already. */
function hang(text: string, column: number): string {
  return wrap(" ".repeat(column) + text, column).trimStart();
}

function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = text.match(/^ */)?.[0] ?? "";
  let isEmpty = true;
  for (const word of text.trim().split(/ +/)) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = " ".repeat(indent) + word;
    } else {
      line += isEmpty ? word : ` ${word}`;
    }
    isEmpty = false;
  }
  return [...lines, line].join("\n");
}
