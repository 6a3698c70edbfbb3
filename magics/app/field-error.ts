import type { z } from "zod";

export type Location = readonly (string | number)[];

/** One wrong field, in the shape that FastAPI made known. */
export interface FieldError {
  /** A stable word for programs: "missing", "float_type", "extra_forbidden". */
  readonly type: string;
  /** Where: `["body", "tempo"]`, `["body", 3, "tempo"]`, `["query", "limit"]`. */
  readonly loc: Location;
  /** What is wrong, for people. */
  readonly msg: string;
  /** What was given there. */
  readonly input: unknown;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

type Issue = z.core.$ZodIssue;

/** More than these are counted, not listed: a reply must not outgrow its request. */
const maxListed = 100;
const maxInputLength = 500;

/** Says in FastAPI's words what zod found wrong with `input`, one entry per field. */
export function fieldErrors(
  issues: readonly Issue[],
  input: unknown,
  root: Location,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const issue of issues) {
    errors.push(...describeIssue(issue, input, root));
    if (errors.length > maxListed) break;
  }
  return errors.slice(0, maxListed);
}

function describeIssue(issue: Issue, input: unknown, root: Location): FieldError[] {
  const path = issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
  const loc = [...root, ...path];
  if (issue.code === "unrecognized_keys") {
    const holder = valueAt(input, path);
    return issue.keys.slice(0, maxListed).map((key) => ({
      type: "extra_forbidden",
      loc: [...loc, key],
      msg: "Extra inputs are not permitted",
      input: echo(valueAt(holder, [key])),
    }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const closest = closestMember(issue.errors);
    return closest.flatMap((inner) => describeIssue(inner, valueAt(input, path), loc));
  }
  const value = valueAt(input, path);
  if (value === undefined && issue.code !== "custom") {
    return [
      {
        type: "missing",
        loc,
        msg: "Field required",
        input: echo(valueAt(input, path.slice(0, -1))),
      },
    ];
  }
  const { type, msg, ctx } = wording(issue, value);
  return [{ type, loc, msg, input: echo(value), ...(ctx === undefined ? {} : { ctx }) }];
}

/** The union's member that fits best is the one the caller most likely meant. */
function closestMember(members: readonly (readonly Issue[])[]): readonly Issue[] {
  const [closest = []] = [...members].sort(
    (a, b) => Number(isOtherType(a)) - Number(isOtherType(b)) || a.length - b.length,
  );
  return closest;
}

function isOtherType(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.code === "invalid_type" && issue.path.length === 0);
}

interface Wording {
  readonly type: string;
  readonly msg: string;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

function wording(issue: Issue, value: unknown): Wording {
  switch (issue.code) {
    case "invalid_type":
      return typeWording(issue.expected, value);
    case "too_small":
      return limitWording(issue, "min", issue.minimum);
    case "too_big":
      return limitWording(issue, "max", issue.maximum);
    case "invalid_value": {
      const expected = issue.values.map((member) => `'${String(member)}'`).join(", ");
      const type = issue.values.length === 1 ? "literal_error" : "enum";
      return { type, msg: `Input should be ${expected}`, ctx: { expected } };
    }
    case "not_multiple_of":
      return {
        type: "multiple_of",
        msg: `Input should be a multiple of ${issue.divisor}`,
        ctx: { multiple_of: issue.divisor },
      };
    case "invalid_format":
      return issue.format === "regex"
        ? {
            type: "string_pattern_mismatch",
            msg: `String should match pattern '${issue.pattern ?? ""}'`,
          }
        : { type: "value_error", msg: `Input should be a valid ${issue.format}` };
    case "invalid_union":
      if (issue.discriminator === undefined) break;
      return {
        type: "union_tag_invalid",
        msg: `Input tag ${JSON.stringify(echo(value))} found using '${issue.discriminator}' does not match any of the expected tags`,
        ctx: { discriminator: issue.discriminator },
      };
    default:
      break;
  }
  return { type: "value_error", msg: issue.message };
}

const typeWordings: Readonly<Record<string, Wording>> = {
  string: { type: "string_type", msg: "Input should be a valid string" },
  number: { type: "float_type", msg: "Input should be a valid number" },
  int: { type: "int_type", msg: "Input should be a valid integer" },
  boolean: { type: "bool_type", msg: "Input should be a valid boolean" },
  object: { type: "dict_type", msg: "Input should be a valid object" },
  record: { type: "dict_type", msg: "Input should be a valid object" },
  array: { type: "list_type", msg: "Input should be a valid array" },
  null: { type: "none_required", msg: "Input should be null" },
};

function typeWording(expected: string, value: unknown): Wording {
  if (typeof value === "number" && !Number.isFinite(value) && /number|int/.test(expected)) {
    return { type: "finite_number", msg: "Input should be a finite number" };
  }
  return (
    typeWordings[expected] ?? {
      type: `${expected}_type`,
      msg: `Input should be a valid ${expected}`,
    }
  );
}

interface Limit {
  readonly origin: string;
  readonly inclusive?: boolean;
}

function limitWording(issue: Limit, side: "min" | "max", limit: number | bigint): Wording {
  const value = Number(limit);
  if (issue.origin === "string") {
    return side === "min"
      ? {
          type: "string_too_short",
          msg: `String should have at least ${value} characters`,
          ctx: { min_length: value },
        }
      : {
          type: "string_too_long",
          msg: `String should have at most ${value} characters`,
          ctx: { max_length: value },
        };
  }
  if (issue.origin === "array" || issue.origin === "set") {
    return side === "min"
      ? {
          type: "too_short",
          msg: `List should have at least ${value} items`,
          ctx: { min_length: value },
        }
      : {
          type: "too_long",
          msg: `List should have at most ${value} items`,
          ctx: { max_length: value },
        };
  }
  if (issue.origin === "file") {
    return side === "min"
      ? { type: "file_too_small", msg: `File should have at least ${value} bytes` }
      : { type: "file_too_large", msg: `File should have at most ${value} bytes` };
  }
  const isInclusive = issue.inclusive !== false;
  const [type, words] =
    side === "min"
      ? isInclusive
        ? ["greater_than_equal", "greater than or equal to"]
        : ["greater_than", "greater than"]
      : isInclusive
        ? ["less_than_equal", "less than or equal to"]
        : ["less_than", "less than"];
  const short = side === "min" ? (isInclusive ? "ge" : "gt") : isInclusive ? "le" : "lt";
  return { type, msg: `Input should be ${words} ${value}`, ctx: { [short]: value } };
}

function valueAt(input: unknown, path: Location): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    // Own keys of an object that came as JSON.
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** What was given, in a size and form that JSON can carry. */
function echo(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return shorten(value, value);
  if (typeof value !== "object") return typeof value === "bigint" ? String(value) : value;
  if (Array.isArray(value) && value.length > maxInputLength) return `array of ${value.length}`;
  const text = JSON.stringify(value, (_key, inner) => (inner === Infinity ? "Infinity" : inner));
  return shorten(text, value);
}

function shorten(text: string, value: unknown): unknown {
  return text.length > maxInputLength ? `${text.slice(0, maxInputLength)}…` : value;
}
