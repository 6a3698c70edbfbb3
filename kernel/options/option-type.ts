import type { z } from "zod";

/** What one property of an options schema takes, found by looking through its wrappers. */
export interface OptionType {
  readonly type: "boolean" | "number" | "string" | "list";
  /** `--flag` alone is allowed and means `true`, `--flag=text` gives the text. */
  readonly isValueOptional: boolean;
  readonly isRequired: boolean;
  readonly isNumberList: boolean;
  readonly choices: readonly string[] | undefined;
  readonly default: unknown;
  readonly description: string;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Reads type, default, choices, description and meta of a property of a schema. */
export function optionType(property: unknown): OptionType {
  const wrappers = unwrap(property as AnySchema);
  const base = wrappers.at(-1) as AnySchema;
  const meta = Object.assign({}, ...wrappers.map((schema) => schema.meta() ?? {}).reverse());
  const withDefault = wrappers.find((schema) => isWrapper(schema, "default", "prefault"));
  const isOptional = wrappers.some((schema) => isWrapper(schema, "optional"));
  return {
    ...baseType(base),
    isRequired: !isOptional && withDefault === undefined,
    default: (withDefault?._zod.def as { defaultValue?: unknown } | undefined)?.defaultValue,
    description: typeof meta.description === "string" ? meta.description : "",
    meta,
  };
}

/** Every schema made by zod's classic interface is both: its methods, and a known definition. */
type AnySchema = z.ZodType & z.core.$ZodTypes;

function isWrapper(schema: AnySchema, ...types: string[]): boolean {
  return types.includes(schema._zod.def.type);
}

/** The schema and what it wraps, outermost first. */
function unwrap(schema: AnySchema): AnySchema[] {
  const { def } = schema._zod;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "nonoptional":
    case "readonly":
    case "catch":
      return [schema, ...unwrap(def.innerType as AnySchema)];
    case "pipe": {
      // `z.preprocess` puts the transform first; what is typed on the line is the other side.
      const inner = def.in as AnySchema;
      const side = inner._zod.def.type === "transform" ? (def.out as AnySchema) : inner;
      return [schema, ...unwrap(side)];
    }
    default:
      return [schema];
  }
}

function baseType(
  schema: AnySchema,
): Pick<OptionType, "type" | "isValueOptional" | "isNumberList" | "choices"> {
  const { def } = schema._zod;
  const plain = { isValueOptional: false, isNumberList: false, choices: undefined };
  switch (def.type) {
    case "boolean":
      return { ...plain, type: "boolean" };
    case "number":
      return { ...plain, type: "number" };
    case "enum":
      return { ...plain, type: "string", choices: Object.values(def.entries).map(String) };
    case "literal":
      return { ...plain, type: "string", choices: def.values.map(String) };
    case "array": {
      const element = baseType(unwrap(def.element as AnySchema).at(-1) as AnySchema);
      const isNumberList = element.type === "number";
      return { ...plain, type: "list", isNumberList, choices: element.choices };
    }
    case "union": {
      const members = def.options.map((member) =>
        baseType(unwrap(member as AnySchema).at(-1) as AnySchema),
      );
      const valued = members.filter((member) => member.type !== "boolean");
      const choices = valued.every((member) => member.choices !== undefined)
        ? valued.flatMap((member) => member.choices ?? [])
        : undefined;
      const numbers = valued.length > 0 && valued.every((member) => member.type === "number");
      const isValueOptional = valued.length < members.length;
      return { ...plain, type: numbers ? "number" : "string", isValueOptional, choices };
    }
    default:
      return { ...plain, type: "string" };
  }
}
