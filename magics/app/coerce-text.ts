import { z } from "zod";
import type { JsonSchema } from "./json-schema.ts";

type TextFields = Readonly<Record<string, unknown>>;
type Coerce = (fields: TextFields) => Record<string, unknown>;

/**
 * Queries, paths and headers are text. Makes a function which turns the fields that `schema`
 * wants as numbers, booleans or lists into those, where the text says so exactly; all else is
 * left for the schema to refuse.
 */
export function makeCoerce(schema: z.ZodType): Coerce {
  const { properties } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const readers = Object.entries(properties ?? {}).map(
    ([name, property]) => [name, makeReader(property)] as const,
  );
  return (fields) => {
    const result: Record<string, unknown> = { ...fields };
    for (const [name, read] of readers) {
      if (result[name] !== undefined) result[name] = read(result[name]);
    }
    return result;
  };
}

function makeReader(property: JsonSchema | boolean): (value: unknown) => unknown {
  if (typeof property === "boolean") return (value) => value;
  const types = [property.type ?? []].flat();
  if (types.includes("array")) {
    const { items } = property;
    const readItem = makeReader(items === undefined || Array.isArray(items) ? true : items);
    return (value) => (Array.isArray(value) ? value : [value]).map(readItem);
  }
  if (types.includes("number") || types.includes("integer")) return readNumber;
  if (types.includes("boolean")) return readBoolean;
  return (value) => value;
}

function readNumber(value: unknown): unknown {
  const isNumber = typeof value === "string" && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value);
  return isNumber ? Number(value) : value;
}

function readBoolean(value: unknown): unknown {
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  return value;
}
