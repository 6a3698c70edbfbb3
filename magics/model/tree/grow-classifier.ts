// Indices are within bounds throughout; `as number` says so to the compiler.
import { Candidates, positionOf } from "./candidates.ts";
import type { FlatTree } from "./flat-tree.ts";
import { classShares, giniGain, giniImpurity } from "./gini.ts";
import { grow, type Learner, type Split, type Stretch } from "./grow.ts";
import { presort, type SortedColumn } from "./presort.ts";
import type { OnGrowth, TreeOptions } from "./tree-options.ts";

export interface ClassifierData {
  /** One array for each feature, without NaN. */
  readonly columns: readonly Float64Array[];
  readonly labels: Uint16Array;
  readonly classCount: number;
}

/** A node's rows and how many there are of each class. */
interface ClassNode extends Stretch {
  readonly counts: Float64Array;
}

/** A sorted column with the class of each of its rows. */
type LabelledColumn = SortedColumn & { readonly labels: Uint16Array };

/** Half a unit in the last place of 1. */
const roundoff = 2 ** -53;

/** Grows the tree that ml-cart's DecisionTreeClassifier grows from the same data, to the last bit. */
export function growClassifier(
  data: ClassifierData,
  options: TreeOptions,
  onGrowth?: OnGrowth,
): FlatTree {
  const { labels, classCount } = data;
  const columns = data.columns.map((column): LabelledColumn => {
    const sorted = presort(column);
    const byValue = new Uint16Array(labels.length);
    for (let i = 0; i < byValue.length; i++)
      byValue[i] = labels[sorted.order[i] as number] as number;
    return { ...sorted, labels: byValue };
  });
  const room: Room = {
    candidates: new Candidates(),
    left: new Float64Array(classCount),
    bestLeft: new Float64Array(classCount),
  };
  const learner: Learner<Float64Array> = {
    kind: "classifier",
    columns,
    root: countRows(labels, classCount),
    rootGain: undefined,
    noGain: -Infinity,
    bestSplit: ({ start, end }, counts) => bestSplit(columns, { start, end, counts, room }),
    children: ({ start }, { column, position }, counts) => {
      const stretch = { start, end: position, classCount };
      const left = countLabels(columns[column] as LabelledColumn, stretch);
      return { left, right: counts.map((count, label) => count - (left[label] as number)) };
    },
    isSettled: (counts, rows) => counts.includes(rows),
    leaf: ({ start, end }, counts) => classShares(counts, end - start),
  };
  return grow(learner, labels.length, options, onGrowth);
}

function countRows(labels: Uint16Array, classCount: number): Float64Array {
  const counts = new Float64Array(classCount);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}

function countLabels(
  { labels }: LabelledColumn,
  { start, end, classCount }: { start: number; end: number; classCount: number },
): Float64Array {
  const counts = new Float64Array(classCount);
  for (let i = start; i < end; i++) {
    const label = labels[i] as number;
    counts[label] = (counts[label] as number) + 1;
  }
  return counts;
}

/** The split ml-cart takes: the first with the greatest gain. Undefined where all labels are equal. */
function bestSplit(
  sorted: readonly LabelledColumn[],
  node: ClassNode & { readonly room: Room },
): Split | undefined {
  const { start, end, counts, room } = node;
  const rows = end - start;
  if (counts.includes(rows)) return undefined;
  // ml-cart's repeated additions are off by at most half a unit each; both ends of a comparison.
  room.candidates.reset((4 * rows + 64) * roundoff * rows);
  for (let column = 0; column < sorted.length; column++) {
    scanColumn(sorted[column] as LabelledColumn, { node, column, ...room });
  }
  return exactBest(sorted, node);
}

/** What is used again for each node. */
interface Room {
  readonly candidates: Candidates;
  /** For the counts of the left part. */
  readonly left: Float64Array;
  readonly bestLeft: Float64Array;
}

interface Scan extends Room {
  readonly node: ClassNode;
  readonly column: number;
}

/** Adds the candidates of one column by the closed form of the gain. */
function scanColumn(
  { values, labels }: LabelledColumn,
  { node, column, left, candidates }: Scan,
): void {
  const { start, end, counts } = node;
  const rows = end - start;
  if (values[start] === values[end - 1] && Number.isFinite((values[start] as number) * 2)) {
    // One value: only the cut before it, which parts nothing and is a candidate if labels differ.
    const score = squares(counts) / rows;
    if (score >= candidates.floor) {
      const threshold = constantMean(values, labels, start, end);
      candidates.add(column, start, threshold, score);
    }
    return;
  }
  left.fill(0);
  let leftSquares = 0;
  let rightSquares = squares(counts);
  const emptyScore = rightSquares / rows;
  let floor = candidates.floor;
  // The run of equal values that the scan is in, and what a cut before it scores.
  let runStart = start;
  let runScore = emptyScore;
  let isRunDone = false;
  const offer = (position: number, threshold: number, score: number) => {
    if (score < floor) return; // NaN goes through: only the exact gain can tell.
    candidates.add(column, position, threshold, score);
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
  let value = values[start] as number;
  let label = labels[start] as number;
  for (let i = start + 1; i < end; i++) {
    const count = left[label] as number;
    leftSquares += 2 * count + 1;
    rightSquares -= 2 * ((counts[label] as number) - count) - 1;
    left[label] = count + 1;
    const nextValue = values[i] as number;
    const nextLabel = labels[i] as number;
    if (nextValue !== value) {
      const score = leftSquares / (i - start) + rightSquares / (end - i);
      isRunDone = false;
      if (nextLabel !== label) {
        const threshold = (value + nextValue) / 2;
        isRunDone = threshold > value && threshold <= nextValue;
        if (!isRunDone) offerElsewhere(threshold);
        else if (score >= floor) offer(i, threshold, score);
      }
      runStart = i;
      runScore = score;
    } else if (nextLabel !== label && !isRunDone) {
      isRunDone = true;
      const threshold = (value + nextValue) / 2;
      if (threshold === value) offer(runStart, threshold, runScore);
      else offerElsewhere(threshold);
    }
    value = nextValue;
    label = nextLabel;
  }
}

/** The mean of the first two neighbours whose labels differ; tells -0 from 0 as ml-cart does. */
function constantMean(
  values: Float64Array,
  labels: Uint16Array,
  start: number,
  end: number,
): number {
  for (let i = start + 1; i < end; i++) {
    if (labels[i] !== labels[i - 1]) {
      return ((values[i - 1] as number) + (values[i] as number)) / 2;
    }
  }
  return values[start] as number;
}

function squares(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count * count;
  return sum;
}

/** Scores the candidates as ml-cart does and takes the first of the best. */
function exactBest(
  sorted: readonly LabelledColumn[],
  { start, end, counts, room }: ClassNode & { readonly room: Room },
): Split | undefined {
  const rows = end - start;
  const impurity = giniImpurity(counts, rows);
  let best: Split | undefined;
  const { left, bestLeft } = room;
  let counted = start;
  let countedColumn = -1;
  for (const { column, position, threshold } of room.candidates.nearBest()) {
    const { labels } = sorted[column] as LabelledColumn;
    if (column !== countedColumn || position < counted) {
      left.fill(0);
      counted = start;
      countedColumn = column;
    }
    for (; counted < position; counted++) {
      const label = labels[counted] as number;
      left[label] = (left[label] as number) + 1;
    }
    // The same counts give the same gain, and only a greater one would win.
    if (best !== undefined && isSame(left, bestLeft)) continue;
    const gain = giniGain(impurity, counts, left, { rows, leftRows: position - start });
    if (best === undefined || gain > best.gain) {
      best = { column, position, threshold, gain };
      bestLeft.set(left);
    }
  }
  return best;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
