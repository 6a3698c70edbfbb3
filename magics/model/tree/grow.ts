import { type FlatNode, type FlatTree, notFound, notSought } from "./flat-tree.ts";
import { Partitioner } from "./partition.ts";
import type { SortedColumn } from "./presort.ts";
import type { OnGrowth, TreeOptions } from "./tree-options.ts";

/** The rows of a node: this part of every sorted column. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface Split {
  readonly column: number;
  /** Rows before this index of the sorted column go left. */
  readonly position: number;
  readonly threshold: number;
  readonly gain: number;
}

/** What tells a classification tree from a regression tree. `S` is what is known of a node's targets. */
export interface Learner<S> {
  readonly kind: FlatTree["kind"];
  /** Columns to keep in order; features come first. */
  readonly columns: readonly SortedColumn[];
  readonly root: S;
  /** What ml-cart passes to the root as its parent's gain. */
  readonly rootGain: number | undefined;
  /** What ml-cart calls the gain where there is no split. */
  readonly noGain: number;
  bestSplit(node: Stretch, state: S): Split | undefined;
  children(node: Stretch, split: Split, state: S): { left: S; right: S };
  /** True where the rows of the node need not be kept in order. */
  isSettled(state: S, rows: number): boolean;
  leaf(node: Stretch, state: S): FlatNode["distribution"];
}

interface Pending<S> extends Stretch {
  readonly depth: number;
  readonly parentGain: number | undefined;
  readonly state: S;
  readonly parent: number;
  readonly isLeft: boolean;
}

/** Grows a tree by ml-cart's rules of when to stop. */
export function grow<S>(
  learner: Learner<S>,
  rowCount: number,
  options: TreeOptions,
  onGrowth?: OnGrowth,
): FlatTree {
  const partitioner = new Partitioner(learner.columns, rowCount);
  const nodes: FlatNode[] = [];
  let done = 0;
  const { root: state, rootGain: parentGain } = learner;
  const root = { start: 0, end: rowCount, depth: 0, parent: -1, isLeft: true };
  const pending: Pending<S>[] = [{ ...root, parentGain, state }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { start, end, depth, state } = next;
    const rows = end - start;
    const id = nodes.length;
    const parent = nodes[next.parent];
    if (parent !== undefined) parent[next.isLeft ? "left" : "right"] = id;
    const isSmall = rows <= options.minNumSamples;
    const split = isSmall ? undefined : learner.bestSplit(next, state);
    const node: FlatNode = {
      column: isSmall ? notSought : (split?.column ?? notFound),
      threshold: split?.threshold ?? Number.NaN,
      gain: split?.gain ?? learner.noGain,
      rows,
      left: -1,
      right: -1,
      distribution: undefined,
    };
    nodes.push(node);
    if (split === undefined || !isWorthwhile(split, next, options)) {
      node.distribution = learner.leaf(next, state);
      done += rows;
      onGrowth?.(done / rowCount);
      continue;
    }
    const middle = split.position;
    const { left, right } = learner.children(next, split, state);
    const isFinal = (child: S, size: number) =>
      size <= options.minNumSamples || learner.isSettled(child, size);
    const isKept = !isFinal(left, middle - start) || !isFinal(right, end - middle);
    if (isKept || learner.kind === "regression") {
      partitioner.split(split.column, { start, middle, end });
    }
    const below = { depth: depth + 1, parentGain: split.gain, parent: id };
    pending.push({ ...below, start: middle, end, state: right, isLeft: false });
    pending.push({ ...below, start, end: middle, state: left, isLeft: true });
  }
  return { kind: learner.kind, nodes };
}

function isWorthwhile(
  split: Split,
  node: Stretch & { depth: number; parentGain: number | undefined },
  options: TreeOptions,
): boolean {
  return (
    node.depth < options.maxDepth &&
    split.gain > options.gainThreshold &&
    split.gain !== node.parentGain &&
    split.position > node.start &&
    split.position < node.end
  );
}
