import { type FlatNode, type FlatTree, notSought } from "./flat-tree.ts";
import type { TreeKernel } from "./kernel/tree-kernel.ts";
import type { OnGrowth, TreeOptions } from "./tree-options.ts";

/** What tells a classification tree from a regression tree. */
export interface Learner {
  readonly kind: FlatTree["kind"];
  /** What ml-cart passes to the root as its parent's gain. */
  readonly rootGain: number | undefined;
  /** What ml-cart calls the gain where there is no split. */
  readonly noGain: number;
  /** The distribution of a leaf, which is this stretch of every column. */
  leaf(start: number, end: number, slot: number): FlatNode["distribution"];
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
  const nodes: FlatNode[] = [];
  let done = 0;
  // Its place in the list is the slot of a node's counts: the left child is always taken next.
  const pending: Pending[] = [
    { start: 0, end: rowCount, depth: 0, parentGain: learner.rootGain, parent: -1, isLeft: true },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { start, end } = next;
    const rows = end - start;
    const slot = pending.length;
    const id = nodes.length;
    const parent = nodes[next.parent];
    if (parent !== undefined) {
      if (next.isLeft) parent.left = id;
      else parent.right = id;
    }
    let column = notSought;
    if (rows > minNumSamples) {
      bestSplit(start, end, slot);
      column = kernel.column;
    }
    const isSplit = column >= 0;
    const gain = isSplit ? kernel.gain : noGain;
    const node: FlatNode = {
      column,
      threshold: isSplit ? kernel.threshold : Number.NaN,
      gain,
      rows,
      left: -1,
      right: -1,
      distribution: undefined,
    };
    nodes.push(node);
    const middle = kernel.position;
    if (!isSplit || middle <= start || middle >= end || !isWorthwhile(gain, next, options)) {
      node.distribution = learner.leaf(start, end, slot);
      done += rows;
      onGrowth?.(done / rowCount);
      continue;
    }
    kernel.ensureSlots(slot + 2);
    divide(column, start, middle, end, slot, minNumSamples);
    const depth = next.depth + 1;
    pending.push({ start: middle, end, depth, parentGain: gain, parent: id, isLeft: false });
    pending.push({ start, end: middle, depth, parentGain: gain, parent: id, isLeft: true });
  }
  return { kind, nodes };
}

function isWorthwhile(gain: number, { depth, parentGain }: Pending, options: TreeOptions): boolean {
  return depth < options.maxDepth && gain > options.gainThreshold && gain !== parentGain;
}
