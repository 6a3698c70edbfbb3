// Indices are within bounds throughout; `as number` says so to the compiler.
import type { Column } from "../../data/column.ts";
import type { Feature } from "../model.ts";
import { type Outcome, orderCategories } from "./order-categories.ts";
import { takeMedian } from "./take-median.ts";

/** A feature as the model keeps it, and every row of its column as the tree sees it. */
export interface EncodedFeature {
  readonly feature: Feature;
  readonly values: Float64Array;
}

/** Learns from the training rows how to turn a column into numbers, and does so for every row. */
export function encodeFeature(
  column: Exclude<Column, { kind: "date" }>,
  train: Int32Array,
  outcome: Outcome,
): EncodedFeature {
  return column.kind === "number"
    ? encodeNumbers(column, train)
    : encodeCategories(column, train, outcome);
}

function encodeNumbers(
  { name, values }: Extract<Column, { kind: "number" }>,
  train: Int32Array,
): EncodedFeature {
  const { known, minimum, maximum, isInteger } = summarize(values, train);
  const median = takeMedian(known);
  const isOptional = !values.every(Number.isFinite);
  return {
    feature: {
      name,
      kind: "number",
      fallback: median,
      isOptional,
      isInteger,
      minimum,
      median,
      maximum,
    },
    values: isOptional ? values.map((value) => (Number.isFinite(value) ? value : median)) : values,
  };
}

/** The finite values of the rows, and what they are like; all 0 where there are none. */
function summarize(values: Float64Array, rows: Int32Array) {
  const known = new Float64Array(rows.length);
  let count = 0;
  let [minimum, maximum] = [Infinity, -Infinity];
  let isInteger = true;
  for (let index = 0; index < rows.length; index++) {
    const value = values[rows[index] as number] as number;
    if (!Number.isFinite(value)) continue;
    known[count++] = value;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    if (isInteger && !Number.isInteger(value)) isInteger = false;
  }
  if (count === 0) [minimum, maximum] = [0, 0];
  return { known: known.subarray(0, count), minimum, maximum, isInteger };
}

function encodeCategories(
  column: Extract<Column, { kind: "category" | "boolean" }>,
  train: Int32Array,
  outcome: Outcome,
): EncodedFeature {
  const { name, codes } = column;
  const names = column.kind === "boolean" ? ["false", "true"] : column.categories;
  const trained = train.map((row) => codes[row] as number);
  const order =
    column.kind === "boolean" ? [0, 1] : orderCategories(trained, names.length, outcome);
  const placeOf = new Int32Array(names.length);
  for (const [place, code] of order.entries()) placeOf[code] = place;
  const counts = new Float64Array(names.length);
  for (const code of trained) if (code >= 0) counts[code] = (counts[code] as number) + 1;
  const frequent = counts.indexOf(Math.max(...counts));
  return {
    feature: {
      name,
      kind: "category",
      fallback: names[frequent] ?? "",
      isOptional: column.missing > 0,
      categories: order.map((code) => names[code] ?? ""),
    },
    values: Float64Array.from(codes, (code) => placeOf[code < 0 ? frequent : code] as number),
  };
}
