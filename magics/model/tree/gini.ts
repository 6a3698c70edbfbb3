// Indices are within bounds throughout; `as number` says so to the compiler.
import { repeatedSum } from "./repeated-sum.ts";

/** Share of each class as ml-cart computes it: 1/n added up, cut after the last class present. */
export function classShares(counts: ArrayLike<number>, rows: number): number[] {
  let length = counts.length;
  while (length > 0 && counts[length - 1] === 0) length--;
  const step = 1 / rows;
  return Array.from({ length }, (_, label) => repeatedSum(step, counts[label] as number));
}

/** Gini impurity with ml-cart's own order of operations. */
export function giniImpurity(counts: ArrayLike<number>, rows: number): number {
  if (rows === 0) return 0;
  const step = 1 / rows;
  let sum = 0;
  for (let label = 0; label < counts.length; label++) {
    const share = repeatedSum(step, counts[label] as number);
    sum += share * share;
  }
  return 1 - sum;
}

/** The same of what is in `total` and not in `part`. */
function restImpurity(total: Float64Array, part: Float64Array, rows: number): number {
  if (rows === 0) return 0;
  const step = 1 / rows;
  let sum = 0;
  for (let label = 0; label < total.length; label++) {
    const share = repeatedSum(step, (total[label] as number) - (part[label] as number));
    sum += share * share;
  }
  return 1 - sum;
}

/** Gain of a split with ml-cart's own order of operations. */
export function giniGain(
  impurity: number,
  total: Float64Array,
  left: Float64Array,
  { rows, leftRows }: { rows: number; leftRows: number },
): number {
  const rightRows = rows - leftRows;
  let splits = 0;
  splits += (restImpurity(total, left, rightRows) * rightRows) / rows;
  splits += (giniImpurity(left, leftRows) * leftRows) / rows;
  return impurity - splits;
}
