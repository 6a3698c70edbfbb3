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
  const isNamed = !isPlain(root);
  const parts = new Map(Object.entries($defs));
  if (isNamed) parts.set(rootKey, root);
  const names = findNames(parts, { name, io, components });
  for (const [key, part] of parts) {
    components[names.get(key) ?? key] = moveReferences(part, names);
  }
  if (isNamed) return { $ref: `#/components/schemas/${names.get(rootKey)}` };
  return moveReferences(root, names);
}

/** Stands for the schema itself among its parts. */
const rootKey = "";

/**
 * A name in `components` for each part: its own, unless another schema has it. What a part refers
 * to belongs to it, so that a name that changes may change others.
 */
function findNames(
  parts: ReadonlyMap<string, JsonSchema>,
  { name, io, components }: Naming,
): ReadonlyMap<string, string> {
  const wanted = (key: string) => (key === rootKey ? name : key).replace(/[^\w.-]/g, "_");
  const names = new Map([...parts.keys()].map((key) => [key, wanted(key)]));
  const attempts = new Map<string, number>();
  const isTaken = ([key, part]: readonly [string, JsonSchema]) => {
    const free = names.get(key) ?? key;
    const there = components[free];
    const moved = JSON.stringify(moveReferences(part, names));
    const isShared = [...names].some(([other, used]) => other !== key && used === free);
    return isShared || (there !== undefined && JSON.stringify(there) !== moved);
  };
  for (;;) {
    const taken = [...parts].find(isTaken);
    if (taken === undefined) return names;
    const [key] = taken;
    const count = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, count);
    const base = io === "output" ? `${wanted(key)}Output` : wanted(key);
    const isFirst = io === "output" && count === 1;
    names.set(key, isFirst ? base : `${base}${io === "output" ? count : count + 1}`);
  }
}

/** The JSON Schema of a zod schema, whole and without references to elsewhere. */
export function toJsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: "any", override: openObjects });
}

/** A reference or a bare type is written where it is used. */
function isPlain(schema: JsonSchema): boolean {
  const isObject = schema.properties !== undefined || schema.anyOf !== undefined;
  return !isObject && schema.allOf === undefined && schema.oneOf === undefined;
}

/** Replies hold no other fields, but to say so would make each object another than in requests. */
function openObjects({ zodSchema, jsonSchema }: Overridden): void {
  const { def } = zodSchema._zod;
  if (def.type === "object" && def.catchall === undefined) delete jsonSchema.additionalProperties;
}

interface Overridden {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/** Values of these are data, in which a `$ref` refers to nothing. */
const dataKeys = new Set(["const", "default", "enum", "example", "examples"]);

function moveReferences<T>(node: T, names: ReadonlyMap<string, string>): T {
  if (Array.isArray(node)) {
    // The same array with its members' references moved.
    return node.map((item: unknown) => moveReferences(item, names)) as T;
  }
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(([key, value]: [string, unknown]) => {
    if (dataKeys.has(key)) return [key, value];
    if (key === "$ref" && typeof value === "string") return [key, moveReference(value, names)];
    return [key, moveReferences(value, names)];
  });
  // The same object with its members' references moved.
  return Object.fromEntries(entries) as T;
}

function moveReference(reference: string, names: ReadonlyMap<string, string>): string {
  const key = /^#\/\$defs\/(.+)$/.exec(reference)?.[1];
  if (key !== undefined) return `#/components/schemas/${names.get(key) ?? key}`;
  return reference === "#" ? `#/components/schemas/${names.get(rootKey) ?? ""}` : reference;
}
