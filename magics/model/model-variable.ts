import type { VariableDefinition } from "../../kernel/extension.ts";
import type { Feature, ModelSchema } from "./model.ts";

/** A union of more texts or letters than this is written as `string`. */
const mostMembers = 24;
const mostLetters = 400;

/**
 * The variable `name` that holds a model, with its type, exact to the names of columns and labels.
 * The row it takes is the interface `Row` in a namespace of the variable's name, so that an error
 * says `Row` in place of all its columns, and a cell can write `const row: model.Row`.
 */
export function modelVariable(name: string, schema: ModelSchema): VariableDefinition {
  const fields = schema.features.map(
    (feature) => `${propertyName(feature.name)}: ${featureType(feature)}`,
  );
  const label = schema.task === "regression" ? "number" : unionOf(schema.labels);
  return {
    name,
    type: `import("colabcode").TrainedModel<${name}.Row, ${label}>`,
    declarations: `declare namespace ${name} { interface Row { ${fields.join("; ")} } }`,
  };
}

function featureType(feature: Feature): string {
  const type = feature.kind === "number" ? "number" : categoryType(feature.categories);
  return feature.isOptional ? `${type} | null` : type;
}

function categoryType(categories: readonly string[]): string {
  const isBoolean =
    categories.length === 2 && categories[0] === "false" && categories[1] === "true";
  return isBoolean ? 'boolean | "false" | "true"' : unionOf(categories);
}

function unionOf(texts: readonly string[]): string {
  const union = texts.map(quote).join(" | ");
  return texts.length === 0 || texts.length > mostMembers || union.length > mostLetters
    ? "string"
    : union;
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : quote(name);
}

/** A string literal; TypeScript 5.0 ends lines at U+2028 and U+2029 inside of strings too. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
