import { type FlatTree, notSought } from "./flat-tree.ts";
import { FlatTreeBuilder } from "./flat-tree-builder.ts";
import type { TreeKernel } from "./kernel/tree-kernel.ts";
import type { OnGrowth, TreeOptions } from "./tree-options.ts";

/** As often at most it is told how far a tree is: more would take longer than to grow it. */
const reports = 1000;

/** What tells a classification tree from a regression tree. */
export interface Learner {
  readonly kind: FlatTree["kind"];
  /** What ml-cart passes to the root as its parent's gain. */
  readonly rootGain: number | undefined;
  /** What ml-cart calls the gain where there is no split. */
  readonly noGain: number;
  /** Appends the answers of a leaf, which is this stretch of every column. */
  answer(leaf: Leaf, answers: number[]): void;
}

export interface Leaf {
  readonly start: number;
  readonly end: number;
  /** Where the kernel has its counts by class. */
  readonly slot: number;
}

/** A node to come: its place in the tree, and its stretch of every column. */
interface Pending {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly parentGain: number | undefined;
  readonly parent: number;
  readonly isLeft: boolean;
}

/** Grows a tree by ml-cart's rules of when to stop, from columns which the kernel has sorted. */
export function grow(
  kernel: TreeKernel,
  learner: Learner,
  options: TreeOptions,
  onGrowth?: OnGrowth,
): FlatTree {
  const { kind, noGain } = learner;
  const { minNumSamples } = options;
  const { bestSplit, divide } = kernel.functions;
  const rowCount = kernel.layout.rows;
  const tree = new FlatTreeBuilder();
  let done = 0;
  let reported = 0;
  // Its place in the list is the slot of a node's counts: the left child is always taken next.
  const pending: Pending[] = [
    { start: 0, end: rowCount, depth: 0, parentGain: learner.rootGain, parent: -1, isLeft: true },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { start, end } = next;
    const rows = end - start;
    const slot = pending.length;
    let column = notSought;
    if (rows > minNumSamples) {
      bestSplit(start, end, slot);
      column = kernel.column;
    }
    const isSplit = column >= 0;
    const gain = isSplit ? kernel.gain : noGain;
    const threshold = isSplit ? kernel.threshold : Number.NaN;
    const id = tree.add({ column, threshold, gain, rows });
    if (next.parent >= 0) tree.setChild(next.parent, id, next.isLeft);
    const middle = kernel.position;
    if (!isSplit || middle <= start || middle >= end || !isWorthwhile(gain, next, options)) {
      learner.answer({ start, end, slot }, tree.answers);
      done += rows;
      if (done - reported >= rowCount / reports || done === rowCount) {
        reported = done;
        onGrowth?.(done / rowCount);
      }
      continue;
    }
    kernel.ensureSlots(slot + 2);
    divide(column, start, middle, end, slot, minNumSamples);
    const depth = next.depth + 1;
    pending.push({ start: middle, end, depth, parentGain: gain, parent: id, isLeft: false });
    pending.push({ start, end: middle, depth, parentGain: gain, parent: id, isLeft: true });
  }
  return tree.build(kind);
}

function isWorthwhile(gain: number, { depth, parentGain }: Pending, options: TreeOptions): boolean {
  return depth < options.maxDepth && gain > options.gainThreshold && gain !== parentGain;
}
