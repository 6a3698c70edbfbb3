// Indices are within bounds throughout; `as number` says so to the compiler.
import { type Candidate, Candidates, positionOf } from "./candidates.ts";
import type { FlatTree } from "./flat-tree.ts";
import { grow, type Learner, type Split, type Stretch } from "./grow.ts";
import { presort, type SortedColumn } from "./presort.ts";
import type { OnGrowth, TreeOptions } from "./tree-options.ts";

export interface RegressionData {
  /** One array for each feature, without NaN. */
  readonly columns: readonly Float64Array[];
  readonly targets: Float64Array;
}

interface Context {
  readonly data: RegressionData;
  readonly features: readonly SortedColumn[];
  /** Rows in their own order with their targets: ml-cart adds in that order. */
  readonly byRow: SortedColumn;
  readonly candidates: Candidates;
}

/** Half a unit in the last place of 1. */
const roundoff = 2 ** -53;

/** Grows the tree that ml-cart's DecisionTreeRegression grows from the same data, to the last bit. */
export function growRegression(
  data: RegressionData,
  options: TreeOptions,
  onGrowth?: OnGrowth,
): FlatTree {
  const { targets } = data;
  const features = data.columns.map(presort);
  const byRow = { order: Int32Array.from(targets, (_, row) => row), values: targets.slice() };
  const context = { data, features, byRow, candidates: new Candidates() };
  const learner: Learner<undefined> = {
    kind: "regression",
    columns: [...features, byRow],
    root: undefined,
    rootGain: 0,
    noGain: Infinity,
    bestSplit: (node) => bestSplit(context, node),
    children: () => ({ left: undefined, right: undefined }),
    isSettled: () => false,
    leaf: ({ start, end }) => meanOf(byRow.values, start, end),
  };
  return grow(learner, targets.length, options, onGrowth);
}

function meanOf(values: Float64Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i] as number;
  return sum / (end - start);
}

function bestSplit(context: Context, node: Stretch): Split | undefined {
  const { start, end } = node;
  const { values } = context.byRow;
  const rows = end - start;
  const mean = meanOf(values, start, end);
  let total = 0;
  let squares = 0;
  let largest = 0;
  let isPure = true;
  for (let i = start; i < end; i++) {
    const value = values[i] as number;
    const centred = value - mean;
    total += centred;
    squares += centred * centred;
    largest = Math.max(largest, Math.abs(value));
    if (value !== values[start]) isPure = false;
  }
  if (isPure) return undefined;
  const meanError = rows * roundoff * largest;
  const window = 8 * (rows ** 1.5 + 16) * roundoff * squares + 8 * rows * meanError * meanError;
  // Where sums overflow or vanish nothing is known beforehand: then every score is exact.
  const isSafe = Number.isFinite(window) && squares > 1e-280;
  const { candidates } = context;
  candidates.reset(isSafe ? window : Infinity);
  for (let column = 0; column < context.features.length; column++) {
    scanColumn(context, { node, column, mean, total, candidates, isSafe });
  }
  return exactBest(context, node, candidates.nearBest());
}

interface Scan {
  readonly node: Stretch;
  readonly column: number;
  readonly mean: number;
  /** Sum of the targets less the mean. */
  readonly total: number;
  readonly candidates: Candidates;
  readonly isSafe: boolean;
}

/** Adds the candidates of one column, scored by the closed form of the error that a cut saves. */
function scanColumn(context: Context, scan: Scan): void {
  const { node, column, mean, total, candidates, isSafe } = scan;
  const { order, values } = context.features[column] as SortedColumn;
  const { targets } = context.data;
  const { start, end } = node;
  const rows = end - start;
  const emptyScore = (total * total) / rows;
  let floor = candidates.floor;
  let runStart = start;
  let runScore = emptyScore;
  let isRunDone = false;
  const offer = (position: number, threshold: number, score: number) => {
    if (isSafe && score < floor) return; // NaN goes through: only the exact error can tell.
    candidates.add(column, position, threshold, isSafe ? score : Number.NaN);
    floor = candidates.floor;
  };
  /** For thresholds that rounding has put elsewhere than between the two values. */
  const offerElsewhere = (threshold: number) => {
    const position = positionOf(values, threshold, node);
    const isEmpty = position === start || position === end;
    offer(
      position,
      threshold,
      position === runStart ? runScore : isEmpty ? emptyScore : Number.NaN,
    );
  };
  let left = 0;
  let value = values[start] as number;
  let target = targets[order[start] as number] as number;
  for (let i = start + 1; i < end; i++) {
    left += target - mean;
    const nextValue = values[i] as number;
    const nextTarget = targets[order[i] as number] as number;
    if (nextValue !== value) {
      const right = total - left;
      const score = (left * left) / (i - start) + (right * right) / (end - i);
      isRunDone = false;
      if (nextTarget !== target) {
        const threshold = (value + nextValue) / 2;
        isRunDone = threshold > value && threshold <= nextValue;
        if (!isRunDone) offerElsewhere(threshold);
        else if (!(score < floor)) offer(i, threshold, score);
      }
      runStart = i;
      runScore = score;
    } else if (nextTarget !== target && !isRunDone) {
      isRunDone = true;
      const threshold = (value + nextValue) / 2;
      if (threshold === value) offer(runStart, threshold, runScore);
      else offerElsewhere(threshold);
    }
    value = nextValue;
    target = nextTarget;
  }
}

/** Scores the candidates as ml-cart does and takes the first of the best. */
function exactBest(
  context: Context,
  node: Stretch,
  candidates: readonly Candidate[],
): Split | undefined {
  let best: Split | undefined;
  let last: Candidate | undefined;
  for (const candidate of candidates) {
    // The same cut of the same column once more leaves the same error.
    if (last?.column === candidate.column && last.position === candidate.position) continue;
    last = candidate;
    const gain = exactError(context, node, candidate);
    if (gain < (best?.gain ?? Infinity)) best = { ...candidate, gain };
  }
  return best;
}

/** Squared error left by a cut, with ml-cart's own order of operations: rows in order, the right part first. */
function exactError(
  { data, byRow }: Context,
  { start, end }: Stretch,
  { column, position, threshold }: Candidate,
): number {
  const { order, values } = byRow;
  const feature = data.columns[column] as Float64Array;
  const leftRows = position - start;
  let leftSum = 0;
  let rightSum = 0;
  for (let i = start; i < end; i++) {
    if ((feature[order[i] as number] as number) < threshold) leftSum += values[i] as number;
    else rightSum += values[i] as number;
  }
  const leftMean = leftSum / leftRows;
  const rightMean = rightSum / (end - start - leftRows);
  let leftError = 0;
  let rightError = 0;
  for (let i = start; i < end; i++) {
    const value = values[i] as number;
    if ((feature[order[i] as number] as number) < threshold) {
      leftError += (value - leftMean) * (value - leftMean);
    } else {
      rightError += (value - rightMean) * (value - rightMean);
    }
  }
  return rightError + leftError;
}
