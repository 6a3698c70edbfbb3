import type {
  CommandDescription,
  Magic,
  MagicCommand,
  MagicDescription,
  OptionDescription,
} from "../extension.ts";
import { type OptionType, optionType } from "./option-type.ts";

/** A magic as plain data: what completion, help and the cell syntax read. */
export function describeMagic(magic: Magic): MagicDescription {
  const { name, summary, body } = magic;
  return { name, summary, body, commands: magic.commands.map(describeCommand) };
}

export function describeCommand(command: MagicCommand): CommandDescription {
  return {
    name: command.name,
    summary: command.summary,
    positionals: command.positionals ?? [],
    options: commandOptions(command).map(({ key, ...option }) => describeOption(key, option)),
    examples: command.examples ?? [],
    defines: command.defines ?? [],
  };
}

/** The options of a command in the order of its schema, each with what its type takes. */
export function commandOptions(command: MagicCommand): (OptionType & { key: string })[] {
  return Object.entries(command.options.shape).map(([key, property]) => ({
    key,
    ...optionType(property),
  }));
}

/** `maxDepth` → `--max-depth`. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The key without the dots of a positional that takes the rest. */
export function positionalKey(positional: string): string {
  return positional.replace(/\.\.\.$/, "");
}

function describeOption(key: string, option: OptionType): OptionDescription {
  const { placeholder, complete, short } = option.meta;
  return {
    key,
    flag: flagOf(key),
    ...(typeof short === "string" ? { short: `-${short}` } : {}),
    type: option.type,
    description: option.description,
    placeholder: typeof placeholder === "string" ? placeholder : defaultPlaceholder(key, option),
    default: defaultText(option.default),
    choices: option.choices,
    complete:
      complete === "path" || complete === "variable" || complete === "column"
        ? complete
        : undefined,
    isSecret: option.meta.secret === true,
  };
}

function defaultPlaceholder(key: string, option: OptionType): string {
  if (option.type === "boolean") return "";
  if (option.choices !== undefined && option.choices.length <= 5) return option.choices.join("|");
  if (option.type === "list") return `${option.isNumberList ? "N" : "A"},…`;
  return option.type === "number" ? "N" : flagOf(key).slice(2).replace(/^.*-/, "").toUpperCase();
}

function defaultText(value: unknown): string | undefined {
  if (value === undefined || value === false || value === "") return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(",");
  return String(value);
}
