import { readTable } from "../data/read-table.ts";
import { Table } from "../data/table.ts";
import { tableFromRows } from "../data/table-from-rows.ts";
import { ColabCodeError } from "../errors.ts";
import { createModel } from "./create-model.ts";
import { runFit } from "./training/run-fit.ts";
import type { TreeModel } from "./tree-model.ts";

export interface TrainOptions {
  /** The column to predict. */
  readonly target: string;
  /** Columns to learn from; default: all but ids, dates and constant ones. */
  readonly features?: readonly string[] | undefined;
  /** Default 10; Infinity for no limit; "auto" chooses what else is not set by cross-validation. */
  readonly maxDepth?: number | "auto" | undefined;
  /** A split must bring more than this; default 0.01 for classes, 0 for numbers. */
  readonly gainThreshold?: number | undefined;
  /** A node of so many rows or fewer is not split; default 3. */
  readonly minSamples?: number | undefined;
  /** Share of the rows that is held out to judge the model; default 0.2. */
  readonly test?: number | undefined;
  /** Default 42. The same seed gives the same model on every machine. */
  readonly seed?: number | undefined;
  /** Default 1; more make a forest, each tree grown on rows drawn with replacement and, unless told otherwise, grown out. */
  readonly trees?: number | undefined;
  /** Name for people; default: the target. */
  readonly name?: string | undefined;
  /** Default: classes for text, yes/no and few whole numbers; else numbers. */
  readonly task?: "classification" | "regression" | undefined;
  readonly signal?: AbortSignal | undefined;
  /** One line that says what is going on; `share` from 0 to 1 and the speed where they are known. */
  readonly onProgress?: ((text: string, share?: number, speed?: string) => void) | undefined;
}

/**
 * Trains a decision tree on a table, a file or URL, or an array of objects. Works in a thread of
 * its own; aborting ends it at once. Rejects with a ColabCodeError that says what is wrong.
 */
export async function trainModel(
  source: string | Table<never> | Table | readonly object[],
  options: TrainOptions,
): Promise<TreeModel> {
  checkOptions(options);
  const { signal, onProgress, target } = options;
  signal?.throwIfAborted();
  const table =
    typeof source === "string"
      ? await readTable(source, { signal, onProgress })
      : source instanceof Table
        ? source
        : tableFromRows(source);
  const saved = await runFit(
    {
      columns: table.list,
      source: table.source,
      target: table.column(target).name,
      features: options.features,
      task: options.task,
      name: options.name,
      tree: {
        maxDepth: options.maxDepth,
        gainThreshold: options.gainThreshold,
        minNumSamples: options.minSamples,
      },
      test: options.test ?? 0.2,
      seed: options.seed ?? 42,
      trees: options.trees ?? 1,
    },
    { signal, onStep: (text, share, speed) => onProgress?.(text, share, speed) },
  );
  return createModel(saved);
}

function checkOptions(options: TrainOptions): void {
  const usage = (message: string, hint: string) => {
    throw new ColabCodeError("USAGE", message, { hint });
  };
  const { test = 0.2, maxDepth = 10, minSamples = 3, gainThreshold = 0, seed = 42 } = options;
  if (!(test >= 0 && test < 1))
    usage(`--test ${test} is not a share.`, "Give a number from 0 to 0.9, e.g. 0.2.");
  if (maxDepth !== "auto" && !(maxDepth >= 0))
    usage(`--max-depth ${maxDepth} is out of range.`, "Give 0 or more, or auto.");
  if (!(minSamples >= 0)) usage(`--min-samples ${minSamples} is out of range.`, "Give 0 or more.");
  if (Number.isNaN(gainThreshold)) usage("--gain-threshold is not a number.", "Give e.g. 0.01.");
  const { trees = 1 } = options;
  if (!Number.isInteger(trees) || trees < 1 || trees > 10_000) {
    usage(`--trees ${trees} is out of range.`, "Give a whole number from 1, e.g. 100.");
  }
  if (!Number.isInteger(seed)) usage(`--seed ${seed} is not a whole number.`, "Give e.g. 42.");
}
