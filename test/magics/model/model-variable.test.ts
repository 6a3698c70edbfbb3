import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { Feature, ModelSchema } from "../../../magics/model/model.ts";
import { modelVariable } from "../../../magics/model/model-variable.ts";

const number = (name: string, isOptional = false): Feature => ({
  name,
  kind: "number",
  fallback: 0,
  isOptional,
  isInteger: false,
  minimum: 0,
  median: 0,
  maximum: 0,
});
const category = (name: string, categories: string[]): Feature => ({
  name,
  kind: "category",
  fallback: "",
  isOptional: false,
  categories,
});
const schema = (features: Feature[], labels: string[]): ModelSchema => ({
  name: "m",
  task: labels.length > 0 ? "classification" : "regression",
  target: "t",
  features,
  labels,
  example: {},
});

test("modelVariable() quotes odd names, marks what may be null and cuts wide unions", () => {
  const many = Array.from({ length: 30 }, (_, index) => `c${index}`);
  assert.deepEqual(
    modelVariable(
      "tree",
      schema(
        [
          number("tempo"),
          number("odd name", true),
          category("genre", ["a", 'b"']),
          category("city", many),
        ],
        ["Hip-Hop", "Rock"],
      ),
    ),
    {
      name: "tree",
      type: 'import("colabcode").TrainedModel<tree.Row, "Hip-Hop" | "Rock">',
      declarations:
        'declare namespace tree { interface Row { tempo: number; "odd name": number | null; genre: "a" | "b\\""; city: string } }',
    },
  );
  assert.equal(
    modelVariable("model", schema([number("x")], [])).type,
    'import("colabcode").TrainedModel<model.Row, number>',
  );
});

test("modelVariable() can be parsed by the TypeScript that tslab uses, whatever the names", () => {
  const require = createRequire(import.meta.url);
  const ts = createRequire(require.resolve("tslab/package.json"))("@tslab/typescript-for-tslab");
  const names = ["__proto__", "a-b", "1st", "ünï", 'q"\\', "new\nline", "class", "\u2028"];
  const features = names.map((name) => number(name));
  const { type, declarations } = modelVariable("model", schema(features, names));
  const text = `${declarations}\ndeclare let model: ${type};`;
  const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true });
  assert.deepEqual(diagnostics, []);
});
