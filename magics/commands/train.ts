import { resolve } from "node:path";
import { z } from "zod";
import { defineCommand, type MagicCall } from "../../kernel/extension.ts";
import { resolvePackageFile } from "../data/package-file.ts";
import type { Table } from "../data/table.ts";
import { ColabCodeError } from "../errors.ts";
import { rememberModel } from "../model/last-model.ts";
import type { Evaluation } from "../model/model.ts";
import { progressLine } from "./progress-line.ts";

const options = z.object({
  source: z
    .string()
    .describe("table: a path, a URL, npm:package/file, or a variable of rows")
    .meta({ placeholder: "SOURCE", complete: "path" }),
  target: z
    .string()
    .describe("column to predict")
    .meta({ placeholder: "COLUMN", complete: "column" }),
  features: z
    .array(z.string())
    .optional()
    .describe("columns to learn from; left out: all that can be learned from")
    .meta({ placeholder: "A,B", complete: "column" }),
  task: z
    .enum(["classification", "regression"])
    .optional()
    .describe("what to learn; left out: found out from the target"),
  maxDepth: z
    .string()
    .regex(/^(?:auto|[1-9]\d*)$/, "a whole number from 1, or auto")
    .transform((text) => (text === "auto" ? text : Number(text)))
    .optional()
    .describe("most questions in a row, or auto (default 10; with --trees no limit)")
    .meta({ placeholder: "N|auto" }),
  gainThreshold: z
    .number()
    .min(0)
    .optional()
    .describe("least gain of a split (default 0.01; for numbers and --trees 0)"),
  minSamples: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("a node of so many rows is not split (default 3; with --trees 1)"),
  trees: z.number().int().min(1).max(10_000).default(1).describe("more than 1 grow a forest"),
  test: z.number().min(0).max(0.9).default(0.2).describe("share of rows held out to judge"),
  seed: z.number().int().default(42).describe("seed of the split"),
  as: z
    .string()
    .regex(/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u, "is not a name for a variable")
    .default("model")
    .describe("variable that holds the model")
    .meta({ placeholder: "NAME" }),
  save: z
    .string()
    .optional()
    .describe("file to save the model to")
    .meta({ placeholder: "FILE", complete: "path" }),
});

export const trainCommand = defineCommand({
  name: "train",
  summary: "Fits a decision tree on a table and defines `model`.",
  positionals: ["source"],
  options,
  examples: [
    "%colabcode train tracks.csv --target genre_top",
    "%colabcode train rows --target species --max-depth auto --as tree",
    "%colabcode train houses.parquet --target price --task regression --trees 100",
  ],
  defines: [{ option: "as", type: 'import("colabcode").TrainedModel' }],
  async run(settings, call) {
    const { trainModel } = await import("../model/train-model.ts");
    const { modelVariable } = await import("../model/model-variable.ts");
    const startedAt = performance.now();
    const source = await sourceOf(settings.source, call);
    const progress = progressLine(call.host, `reading ${settings.source}`);
    let model: Awaited<ReturnType<typeof trainModel>>;
    try {
      model = await trainModel(source, {
        target: settings.target,
        features: settings.features,
        task: settings.task,
        trees: settings.trees,
        maxDepth: settings.maxDepth,
        gainThreshold: settings.gainThreshold,
        minSamples: settings.minSamples,
        test: settings.test,
        seed: settings.seed,
        signal: call.signal,
        onProgress: progress.report,
      });
    } catch (error) {
      progress.fail();
      throw call.signal.aborted ? interrupted(settings.as, call) : error;
    }
    progress.done(headline(model.evaluation, performance.now() - startedAt));
    rememberModel(model);
    call.host.variables.set(modelVariable(settings.as, model.schema), model);
    const show = Reflect.get(model, Symbol.for("Jupyter.display"));
    call.host.display.show(show.call(model));
    if (settings.save !== undefined) await model.save(resolve(call.host.folder, settings.save));
  },
});

/** The value of a variable of that name (rows, a path, a URL), or the text itself. */
async function sourceOf(
  text: string,
  call: MagicCall,
): Promise<string | readonly object[] | Table> {
  const { Table } = await import("../data/table.ts");
  const { variables } = call.host;
  const source = variables.has(text) ? variables.get(text) : text;
  if (typeof source === "string") return resolvePackageFile(source, call.host.folder);
  if (source instanceof Table) return source;
  if (Array.isArray(source)) return source;
  throw new ColabCodeError("BAD_TABLE", `\`${text}\` is no table: it is a ${typeof source}.`, {
    hint: "Give a path, a URL, an array of objects, or what readTable() returns.",
  });
}

function interrupted(name: string, { host }: MagicCall): ColabCodeError {
  const hint = host.variables.has(name)
    ? `\`${name}\` is still what it was before.`
    : "Run the cell again to train.";
  return new ColabCodeError("INTERRUPTED", "Training was interrupted.", { hint });
}

/** "trained on 3,842 rows in 0.41 s: 90.4 % right on 960 rows held out" */
function headline(evaluation: Evaluation, durationMs: number): string {
  const seconds = `${Number((durationMs / 1000).toPrecision(2))} s`;
  const trained = `trained on ${evaluation.trainRows.toLocaleString("en")} rows in ${seconds}`;
  if (evaluation.testRows === 0) return `${trained}; no rows held out to judge it`;
  const judged = `${evaluation.testRows.toLocaleString("en")} rows held out`;
  return evaluation.task === "classification"
    ? `${trained}: ${(evaluation.accuracy * 100).toFixed(1)} % right on ${judged}`
    : `${trained}: R² ${evaluation.r2.toFixed(3)} on ${judged}`;
}
