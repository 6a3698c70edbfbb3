import type { Evaluation } from "./model.ts";

export interface Counts {
  readonly trainRows: number;
  readonly testRows: number;
}

/** Accuracy, confusion matrix, and precision and recall of each class. */
export function evaluateClasses(
  labels: readonly string[],
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  counts: Counts,
): Evaluation {
  const confusion = labels.map(() => labels.map(() => 0));
  let correct = 0;
  for (let index = 0; index < truth.length; index++) {
    const row = confusion[truth[index] as number] as number[];
    const column = predicted[index] as number;
    row[column] = (row[column] as number) + 1;
    if (column === truth[index]) correct++;
  }
  const classes = labels.map((label, code) => {
    const hits = confusion[code]?.[code] ?? 0;
    const rows = (confusion[code] ?? []).reduce((sum, count) => sum + count, 0);
    const named = confusion.reduce((sum, row) => sum + (row[code] ?? 0), 0);
    return {
      label,
      precision: named === 0 ? 0 : hits / named,
      recall: rows === 0 ? 0 : hits / rows,
      rows,
    };
  });
  const accuracy = truth.length === 0 ? 0 : correct / truth.length;
  return { ...counts, task: "classification", accuracy, confusion, classes };
}

/** R², mean absolute error and root of the mean squared error. */
export function evaluateNumbers(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  counts: Counts,
): Evaluation {
  const size = truth.length || 1;
  let sum = 0;
  for (let index = 0; index < truth.length; index++) sum += truth[index] as number;
  const mean = sum / size;
  let squared = 0;
  let absolute = 0;
  let spread = 0;
  for (let index = 0; index < truth.length; index++) {
    const error = (predicted[index] as number) - (truth[index] as number);
    squared += error * error;
    absolute += Math.abs(error);
    spread += ((truth[index] as number) - mean) ** 2;
  }
  const r2 = spread === 0 ? 0 : 1 - squared / spread;
  const rmse = Math.sqrt(squared / size);
  return { ...counts, task: "regression", r2, mae: absolute / size, rmse };
}
