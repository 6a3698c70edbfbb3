import { isUtf8 } from "node:buffer";
import type { Model, ModelSchema, Row } from "../model/model.ts";
import type { Count, Metrics } from "./metrics.ts";
import { predictRow } from "./prediction.ts";
import { RowReader } from "./row-reader.ts";
import { maxBatchRows, type Served } from "./served.ts";

/** What all rows of one leaf are answered with. */
interface LeafAnswer {
  readonly json: string;
  readonly count: Count;
}

/**
 * Makes what turns the bytes of good rows straight into the reply's JSON, as the checks and
 * `predictRow` would have given it. It gives undefined for a body that they must judge, and for
 * models whose answers do not depend on a leaf alone.
 */
export function makeQuickPredict({ model, metrics }: Pick<Served, "model" | "metrics">) {
  const { schema } = model;
  if (model.leafOf === undefined) return () => undefined;
  const reader = new RowReader(schema.features);
  const answers: LeafAnswer[] = [];
  const find = (): LeafAnswer | undefined => {
    const leaf = model.leafOf?.(reader.values);
    if (leaf === undefined) return undefined;
    answers[leaf] ??= answerOf(model, rowOf(schema, reader.values), metrics);
    return answers[leaf];
  };
  const predictOne = (): string | undefined => {
    const answer = reader.next() === "row" ? find() : undefined;
    if (answer === undefined || reader.next() !== "end") return undefined;
    answer.count.value++;
    return answer.json;
  };
  return (bytes: Buffer): string | undefined => {
    if (!isUtf8(bytes)) return undefined;
    reader.open(bytes);
    if (!reader.isList) return predictOne();
    const found: LeafAnswer[] = [];
    let next = reader.next();
    for (; next === "row"; next = reader.next()) {
      const answer = find();
      if (answer === undefined || found.push(answer) > maxBatchRows) return undefined;
    }
    if (next === "other") return undefined;
    for (const { count } of found) count.value++;
    return `[${found.map((answer) => answer.json).join(",")}]`;
  };
}

function answerOf(model: Model, row: Row, metrics: Metrics): LeafAnswer {
  const result = predictRow(model, row, { proba: false, explain: false });
  const isClassification = model.schema.task === "classification";
  const label = isClassification ? String(result.prediction) : "number";
  return { json: JSON.stringify(result), count: metrics.predictionsOf(label) };
}

/** A row that has these values. */
function rowOf({ features }: ModelSchema, values: Float64Array): Row {
  const fields = features.map((feature, place) => {
    const value = values[place] as number; // One for each feature.
    const isNumber = feature.kind === "number";
    return [feature.name, isNumber ? value : (feature.categories[value] ?? "")] as const;
  });
  return Object.fromEntries(fields);
}
