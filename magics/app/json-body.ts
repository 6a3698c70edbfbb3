import { isUtf8 } from "node:buffer";
import type { FieldError, Location } from "./field-error.ts";
import { unprocessable } from "./http-error.ts";
import { findJsonFault } from "./json-walk.ts";

/** Nobody's rows are deeper; what is deeper is meant to hurt. */
const maxDepth = 64;

/**
 * Reads a request's body as JSON, stricter than JSON.parse: invalid UTF-8, repeated names,
 * `__proto__` and deep nesting are refused. Throws HttpError 422 that names the place.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw invalid("The bytes are not valid UTF-8");
  const { colons, depth } = measure(bytes);
  if (depth > maxDepth) throw invalid(`Nested deeper than ${maxDepth} levels`);
  const text = bytes.toString("utf8", hasByteOrderMark(bytes) ? 3 : 0);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw syntaxError(text);
  }
  // A repeated name leaves fewer names in the value than there are in the text.
  if (countNames(value) !== colons) throw duplicateError(text);
  return value;
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Counts colons and nesting outside of strings; right for JSON, meaningless for other text. */
function measure(bytes: Buffer): { colons: number; depth: number } {
  const { length } = bytes;
  let colons = 0;
  let level = 0;
  let depth = 0;
  for (let index = 0; index < length; index++) {
    const byte = bytes[index] ?? 0;
    // Digits, their signs and commas are most of it.
    if (byte < 0x3a && byte !== 0x22) continue;
    if (byte === 0x22) {
      for (index++; index < length && bytes[index] !== 0x22; index++) {
        if (bytes[index] === 0x5c) index++;
      }
    } else if (byte === 0x3a) colons++;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++level > depth) depth = level;
    } else if (byte === 0x7d || byte === 0x5d) level--;
  }
  return { colons, depth };
}

/** Counts the names of all objects in a value; refuses `__proto__` among them. */
function countNames(root: unknown): number {
  let names = 0;
  const count = (value: object): void => {
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        const item: unknown = value[index];
        if (typeof item === "object" && item !== null) count(item);
      }
      return;
    }
    for (const name in value) {
      names++;
      if (name === "__proto__") throw protoError(findProto(root, []) ?? []);
      // A name that `for in` gave; JSON's objects have no getters.
      const item = (value as Record<string, unknown>)[name];
      if (typeof item === "object" && item !== null) count(item);
    }
  };
  if (typeof root === "object" && root !== null) count(root);
  return names;
}

/** The path to the first object that has a name `__proto__`. */
function findProto(value: unknown, path: readonly (string | number)[]): Location | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.hasOwn(value, "__proto__")) return path;
  for (const [name, item] of Object.entries(value)) {
    const found = findProto(item, [...path, Array.isArray(value) ? Number(name) : name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function protoError(path: readonly (string | number)[]) {
  return refusal({
    type: "extra_forbidden",
    loc: ["body", ...path, "__proto__"],
    msg: "Extra inputs are not permitted",
    input: null,
  });
}

function syntaxError(text: string) {
  const fault = findJsonFault(text);
  if (fault?.kind !== "syntax") return invalid("The text is not JSON");
  const word = /^[\w.+-]{1,20}/.exec(text.slice(fault.offset))?.[0];
  const found = word === undefined ? "" : `, not ${word}`;
  return invalid(`Expected ${fault.expected}${found}`, fault.offset);
}

function duplicateError(text: string) {
  const fault = findJsonFault(text);
  return refusal({
    type: "duplicate_field",
    loc: ["body", ...(fault?.kind === "duplicate" ? fault.path : [])],
    msg: "Field given more than once",
    input: null,
  });
}

function invalid(error: string, offset?: number) {
  return refusal({
    type: "json_invalid",
    loc: offset === undefined ? ["body"] : ["body", offset],
    msg: "JSON decode error",
    input: {},
    ctx: { error },
  });
}

function refusal(error: FieldError) {
  return unprocessable([error]);
}
