import type { z } from "zod";
import { nearest } from "../errors.ts";
import type { MagicCommand } from "../extension.ts";
import { commandOptions, flagOf, positionalKey } from "./describe-magic.ts";
import { usage } from "./format-help.ts";
import type { OptionType } from "./option-type.ts";
import type { RawOptions } from "./parse-options.ts";
import { UsageError } from "./usage-error.ts";

/** Runs the command's schema over what was read; the error names the first wrong option. */
export function validateOptions(
  command: MagicCommand,
  { values, places }: RawOptions,
  call: string,
): Record<string, unknown> {
  const parsed = command.options.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = String(issue?.path[0] ?? "");
  const option = commandOptions(command).find((candidate) => candidate.key === key);
  if (issue === undefined || option === undefined) {
    const word = places.get(key);
    throw new UsageError(`${call}: ${issue?.message}.`, { hint: `${call} --help`, word });
  }
  const name = nameOf(command, key);
  if (values[key] === undefined) {
    throw new UsageError(`${call} needs ${name}.`, { hint: `Usage: ${usage(command, call)}` });
  }
  const value = option.meta.secret === true ? "what was given" : shown(valueAt(values, issue.path));
  const word = places.get(key);
  const hint = hintFor(option, values[key], call);
  throw new UsageError(`${name} ${complaint(issue, option)}, not ${value}.`, { hint, word });
}

function nameOf(command: MagicCommand, key: string): string {
  const isBare = command.positionals?.some((positional) => positionalKey(positional) === key);
  return isBare ? key.toUpperCase() : flagOf(key);
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  // Path segments index what the schema found there.
  return path.reduce((value, step) => (value as Record<PropertyKey, unknown>)?.[step], values);
}

function shown(value: unknown): string {
  if (value === true) return "a flag without a value";
  return Array.isArray(value) ? `${value.length} values` : String(value) || "empty";
}

function complaint(issue: z.core.$ZodIssue, option: OptionType): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
    case "too_big": {
      const [bound, inclusive, exclusive] =
        issue.code === "too_small"
          ? [issue.minimum, "at least", "more than"]
          : [issue.maximum, "at most", "less than"];
      const unit = issue.origin === "string" ? " characters long" : "";
      return `must be ${issue.inclusive === false ? exclusive : inclusive} ${bound}${unit}`;
    }
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_union":
      return option.choices === undefined
        ? `must be ${kinds[option.type] ?? "valid"}`
        : `must be one of ${option.choices.join(", ")}`;
    default:
      return `must fit (${issue.message})`;
  }
}

const kinds: Readonly<Record<string, string>> = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
};

function hintFor(option: OptionType, value: unknown, call: string): string {
  const near = typeof value === "string" ? nearest(value, option.choices ?? []) : [];
  if (near.length > 0) return `Did you mean ${near.join(" or ")}?`;
  return `${call} --help describes it.`;
}
