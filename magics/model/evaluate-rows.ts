import { ColabCodeError } from "../errors.ts";
import { evaluateClasses, evaluateNumbers } from "./evaluation.ts";
import type { Evaluation, ModelSchema, Row } from "./model.ts";

interface Judged {
  readonly schema: ModelSchema;
  readonly evaluation: Evaluation;
  predict(rows: readonly Row[]): (string | number)[];
}

/**
 * Judges a model on rows that hold its target too. Throws BAD_ROW that names row and column where
 * one does not fit, and BAD_TABLE where no row has the target.
 */
export function evaluateRows(model: Judged, rows: Iterable<object>): Evaluation {
  const { target, task, labels } = model.schema;
  const truth: number[] = [];
  const predicted: number[] = [];
  const codes = new Map<unknown, number>(labels.map((label, code) => [label, code]));
  let index = -1;
  for (const row of rows) {
    index++;
    const value: unknown = Object.hasOwn(row, target) ? Reflect.get(row, target) : undefined;
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    const known = task === "regression" ? value : codes.get(String(value));
    if (typeof known !== "number") throw unknownTarget(model.schema, { value, index });
    truth.push(known);
    const answer = predictOne(model, row, index);
    predicted.push(typeof answer === "number" ? answer : (codes.get(answer) ?? -1));
  }
  if (truth.length === 0) {
    throw new ColabCodeError("BAD_TABLE", `No row has a "${target}" to judge by.`, {
      hint: `Give rows with "${target}" beside the columns that the model takes.`,
    });
  }
  const counts = { trainRows: model.evaluation.trainRows, testRows: truth.length };
  return task === "classification"
    ? evaluateClasses(labels, truth, predicted, counts)
    : evaluateNumbers(truth, predicted, counts);
}

/** Predicts a row and lets an error name its place among all. */
function predictOne(model: Judged, row: object, index: number): string | number | undefined {
  try {
    return model.predict([row as Row])[0]; // The model checks each value itself.
  } catch (error) {
    if (!(error instanceof ColabCodeError) || index === 0) throw error;
    const message = error.message.replace(/^Row 0 /, `Row ${index} `);
    const { code, hint } = error;
    throw new ColabCodeError(code, message, hint === undefined ? {} : { hint });
  }
}

function unknownTarget(
  { target, task, labels }: ModelSchema,
  { value, index }: { value: unknown; index: number },
): ColabCodeError {
  const text = typeof value === "object" ? "an object" : JSON.stringify(value);
  const what =
    task === "regression"
      ? `needs a number for "${target}", not ${text}`
      : `has ${text} for "${target}", which the training data did not have`;
  const known = labels.slice(0, 8).join(", ");
  return new ColabCodeError("BAD_ROW", `Row ${index} ${what}.`, {
    hint: task === "regression" ? "Leave the row out." : `The classes are ${known}.`,
  });
}
