import { z } from "zod";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What components a set of schemas shares, by name. */
export type Components = Record<string, JsonSchema>;

interface Naming {
  readonly name: string;
  readonly io: "input" | "output";
  readonly components: Components;
}

/**
 * Gives the JSON Schema (2020-12) of a zod schema as OpenAPI 3.1 takes it: named parts are added
 * to `components`, the schema itself under `name`, and the result refers to it.
 */
export function toComponent(schema: z.ZodType, { name, io, components }: Naming): JsonSchema {
  const { $schema: _, $defs = {}, ...root } = toJsonSchema(schema, io);
  const names = new Map<string, string>();
  for (const [key, part] of Object.entries($defs)) names.set(key, freeName(key, part, components));
  const rename = (part: JsonSchema) => moveReferences(part, names, name);
  for (const [key, part] of Object.entries($defs)) components[names.get(key) ?? key] = rename(part);
  const moved = rename(root);
  if (isPlain(moved)) return moved;
  const free = freeName(name, moved, components);
  components[free] = free === name ? moved : moveReferences(root, names, free);
  return { $ref: `#/components/schemas/${free}` };
}

/** The JSON Schema of a zod schema, whole and without references to elsewhere. */
export function toJsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: "any" });
}

/** A reference or a bare type is written where it is used. */
function isPlain(schema: JsonSchema): boolean {
  const isObject = schema.properties !== undefined || schema.anyOf !== undefined;
  return !isObject && schema.allOf === undefined && schema.oneOf === undefined;
}

function freeName(wanted: string, schema: JsonSchema, components: Components): string {
  const base = wanted.replace(/[^\w.-]/g, "_");
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}${count}`;
    const there = components[name];
    if (there === undefined || JSON.stringify(there) === JSON.stringify(schema)) return name;
  }
}

/** Values of these are data, in which a `$ref` refers to nothing. */
const dataKeys = new Set(["const", "default", "enum", "example", "examples"]);

function moveReferences<T>(node: T, names: ReadonlyMap<string, string>, root: string): T {
  if (Array.isArray(node)) {
    // The same array with its members' references moved.
    return node.map((item: unknown) => moveReferences(item, names, root)) as T;
  }
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(([key, value]: [string, unknown]) => {
    if (dataKeys.has(key)) return [key, value];
    if (key === "$ref" && typeof value === "string")
      return [key, moveReference(value, names, root)];
    return [key, moveReferences(value, names, root)];
  });
  // The same object with its members' references moved.
  return Object.fromEntries(entries) as T;
}

function moveReference(reference: string, names: ReadonlyMap<string, string>, root: string) {
  const key = /^#\/\$defs\/(.+)$/.exec(reference)?.[1];
  if (key !== undefined) return `#/components/schemas/${names.get(key) ?? key}`;
  return reference === "#" ? `#/components/schemas/${root}` : reference;
}
