import type { Column } from "../../data/column.ts";
import { ColabCodeError } from "../../errors.ts";
import { evaluateClasses, evaluateNumbers } from "../evaluation.ts";
import type { Evaluation } from "../model.ts";
import type { FlatTree } from "../tree/flat-tree.ts";
import { growClassifier } from "../tree/grow-classifier.ts";
import { growRegression } from "../tree/grow-regression.ts";
import type { OnGrowth, TreeOptions } from "../tree/tree-options.ts";
import { type EncodedFeature, encodeFeature } from "./encode-feature.ts";
import { pick } from "./pick.ts";
import { splitRows } from "./split-rows.ts";
import type { Target } from "./target.ts";

/** What the trees are grown from and judged by. */
export interface Material {
  readonly target: Target;
  readonly features: readonly EncodedFeature[];
  /** Places in `target.rows`. */
  readonly train: Int32Array;
  readonly test: Int32Array;
  /** The encoded columns of the training rows. */
  readonly trainColumns: readonly Float64Array[];
}

/** Holds rows out, and learns from the others how to turn the columns into numbers. */
export function prepare(
  input: { readonly test: number; readonly seed: number },
  target: Target,
  columns: readonly Column[],
): Material {
  const groups =
    target.task === "classification" ? target.codes : new Uint16Array(target.rows.length);
  const { train, test } = splitRows(groups, input.test, input.seed);
  const trainRows = pick(target.rows, train);
  const outcome =
    target.task === "classification"
      ? { codes: pick(target.codes, train), classCount: target.labels.length }
      : { values: pick(target.values, train) };
  const features = columns.map((column) => {
    if (column.kind === "date")
      throw new ColabCodeError("BAD_TABLE", `"${column.name}" holds dates.`);
    return encodeFeature(column, trainRows, outcome);
  });
  const trainColumns = features.map(({ values }) => pick(values, trainRows));
  return { target, features, train, test, trainColumns };
}

/** Grows a tree on the training rows, or on some of them, given by their places in `train`. */
export function growTree(
  material: Material,
  options: TreeOptions,
  { onGrowth, places }: { onGrowth?: OnGrowth | undefined; places?: Int32Array | undefined } = {},
): FlatTree {
  const { target } = material;
  const train = places === undefined ? material.train : pick(material.train, places);
  const columns =
    places === undefined
      ? material.trainColumns
      : material.trainColumns.map((column) => pick(column, places));
  return target.task === "classification"
    ? growClassifier(
        { columns, labels: pick(target.codes, train), classCount: target.labels.length },
        options,
        onGrowth,
      )
    : growRegression({ columns, targets: pick(target.values, train) }, options, onGrowth);
}

/** Gives the answer to an encoded row: a class's code, or a number. */
export type Answer = (vector: Float64Array) => number;

/** Judged on held-out rows; on the training rows where none were held out. */
export function evaluate({ target, features, train, test }: Material, answer: Answer): Evaluation {
  const judged = test.length > 0 ? test : train;
  const counts = { trainRows: train.length, testRows: test.length };
  const vector = new Float64Array(features.length);
  const columns = features.map(({ values }) => values);
  const predicted = new Float64Array(judged.length);
  for (let index = 0; index < judged.length; index++) {
    const row = target.rows[judged[index] as number] as number;
    for (let column = 0; column < columns.length; column++) {
      vector[column] = (columns[column] as Float64Array)[row] as number;
    }
    predicted[index] = answer(vector);
  }
  return target.task === "classification"
    ? evaluateClasses(target.labels, pick(target.codes, judged), predicted, counts)
    : evaluateNumbers(pick(target.values, judged), predicted, counts);
}
