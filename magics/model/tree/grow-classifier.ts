import type { FlatTree } from "./flat-tree.ts";
import { grow, type Leaf } from "./grow.ts";
import { TreeKernel } from "./kernel/tree-kernel.ts";
import type { OnGrowth, TreeOptions } from "./tree-options.ts";

export interface ClassifierData {
  /** One array for each feature, without NaN. */
  readonly columns: readonly Float64Array[];
  readonly labels: Uint16Array;
  readonly classCount: number;
}

/** Grows the tree that ml-cart's DecisionTreeClassifier grows from the same data, to the last bit. */
export function growClassifier(
  { columns, labels, classCount }: ClassifierData,
  options: TreeOptions,
  onGrowth?: OnGrowth,
): FlatTree {
  const kernel = new TreeKernel("classifier", {
    rows: labels.length,
    columns: columns.length,
    classes: classCount,
  });
  kernel.setLabels(labels);
  for (const [column, values] of columns.entries()) kernel.sort(column, values);
  kernel.setCounts(countRows(labels, classCount));
  const answer = ({ start, end, slot }: Leaf, answers: number[]) =>
    appendShares(kernel, { slot, rows: end - start }, answers);
  const learner = { kind: "classifier", rootGain: undefined, noGain: -Infinity, answer } as const;
  return grow(kernel, learner, options, onGrowth);
}

function countRows(labels: Uint16Array, classCount: number): Int32Array {
  const counts = new Int32Array(classCount);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number; // Within bounds.
    counts[label] = (counts[label] as number) + 1;
  }
  return counts;
}

/** Share of each class as ml-cart computes it: 1/n added up, cut after the last class present. */
function appendShares(
  kernel: TreeKernel,
  { slot, rows }: { readonly slot: number; readonly rows: number },
  answers: number[],
): void {
  let length = kernel.layout.classes;
  while (length > 0 && kernel.countAt(slot, length - 1) === 0) length--;
  const step = 1 / rows;
  for (let label = 0; label < length; label++) {
    answers.push(kernel.functions.repeatedSum(step, kernel.countAt(slot, label)));
  }
}
