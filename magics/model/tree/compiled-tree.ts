// Indices are within bounds throughout; `as number` says so to the compiler.
import { ColabCodeError } from "../../errors.ts";
import type { CartJson, CartNode } from "./cart-json.ts";
import { type FlatTree, notSought } from "./flat-tree.ts";

/** What a compiled tree is made of: plain memory, quick to send. */
export interface TreeParts {
  readonly kind: FlatTree["kind"];
  /** -1 for a leaf. */
  readonly column: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** ml-cart's gain; NaN where there is none. */
  readonly gain: Float64Array;
  /** Of the leaves, one after the other: share by class as ml-cart has it, or a mean. */
  readonly answers: Float64Array;
  /** Where a node's answers start; one entry more than there are nodes. */
  readonly answersAt: Int32Array;
  /** Training rows of every node, where they are known: ml-cart's JSON does not tell of all. */
  readonly rows?: Int32Array;
}

/** A tree made ready to be walked quickly. Nodes are in pre-order. */
export class CompiledTree {
  readonly parts: TreeParts;
  readonly column: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly gain: Float64Array;
  #shares: (readonly number[] | undefined)[] | undefined;

  constructor(parts: TreeParts) {
    this.parts = parts;
    this.column = parts.column;
    this.threshold = parts.threshold;
    this.left = parts.left;
    this.right = parts.right;
    this.gain = parts.gain;
  }

  /** Writes the answer of a leaf to `target`: its mean, or its shares by class up to the last one that is there. */
  copyAnswer(leaf: number, target: Float64Array, start: number): void {
    const { answers, answersAt } = this.parts;
    const end = answersAt[leaf + 1] as number;
    let place = start;
    for (let index = answersAt[leaf] as number; index < end; index++) {
      target[place++] = answers[index] as number;
    }
  }

  /** Of a leaf: share by class up to the last one that is there, or the mean. */
  answerAt(leaf: number): readonly number[] | number {
    const { kind, answers, answersAt } = this.parts;
    const start = answersAt[leaf] as number;
    if (kind === "regression") return answers[start] as number;
    // A tree has as many answers as leaves: whoever asks often gets the same list.
    this.#shares ??= Array.from({ length: this.column.length });
    this.#shares[leaf] ??= Array.from(answers.subarray(start, answersAt[leaf + 1]));
    return this.#shares[leaf];
  }
}

/** Compiles a tree as its JSON would be compiled. */
export function compileFlat(tree: FlatTree): CompiledTree {
  const { left } = tree;
  const column = tree.column.slice();
  const threshold = tree.threshold.slice();
  const gain = tree.gain.slice();
  for (let node = 0; node < column.length; node++) {
    if (column[node] === notSought || !Number.isFinite(gain[node])) gain[node] = Number.NaN;
    if (!Number.isFinite(threshold[node])) threshold[node] = Number.NaN;
    if (left[node] === -1) column[node] = -1;
  }
  return new CompiledTree({ ...tree, column, threshold, gain });
}

/** Compiles ml-cart's JSON; throws BAD_MODEL where it is not such. */
export function compileTree(json: unknown): CompiledTree {
  const root = (json as Partial<CartJson> | null)?.root; // Checked node by node below.
  const nodes: CartNode[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const answers: number[] = [];
  const answersAt: number[] = [0];
  const pending: { node: CartNode | undefined; parent: number; isLeft: boolean }[] = [
    { node: root, parent: -1, isLeft: true },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, parent, isLeft } = next;
    if (typeof node !== "object" || node === null || !isWhole(node)) {
      throw new ColabCodeError("BAD_MODEL", "A tree of the model is not ml-cart's JSON.", {
        hint: "Train and save the model again.",
      });
    }
    const id = nodes.push(node) - 1;
    left.push(-1);
    right.push(-1);
    if (parent >= 0) (isLeft ? left : right)[parent] = id;
    const { distribution } = node;
    if (typeof distribution === "number") answers.push(distribution);
    else for (const share of distribution?.[0] ?? []) answers.push(share);
    answersAt.push(answers.length);
    if (distribution !== undefined) continue;
    pending.push({ node: node.right, parent: id, isLeft: false });
    pending.push({ node: node.left, parent: id, isLeft: true });
  }
  const isLeaf = (node: CartNode) => node.distribution !== undefined;
  const isMean = nodes.some(({ distribution }) => typeof distribution === "number");
  return new CompiledTree({
    kind: isMean ? "regression" : "classifier",
    column: Int32Array.from(nodes, (node) => (isLeaf(node) ? -1 : (node.splitColumn ?? -1))),
    threshold: Float64Array.from(nodes, (node) => node.splitValue ?? Number.NaN),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    gain: Float64Array.from(nodes, (node) => node.gain ?? Number.NaN),
    answers: Float64Array.from(answers),
    answersAt: Int32Array.from(answersAt),
  });
}

function isWhole(node: CartNode): boolean {
  if (node.distribution !== undefined) {
    return typeof node.distribution === "number" || Array.isArray(node.distribution?.[0]);
  }
  return typeof node.splitColumn === "number" && typeof node.splitValue === "number";
}

/** The leaf that a row comes to; `at` gives the row's value of a column. */
export function leafOf(tree: CompiledTree, row: ArrayLike<number>): number {
  const { column, threshold, left, right } = tree;
  let node = 0;
  for (let feature = column[0] as number; feature >= 0; feature = column[node] as number) {
    node = (
      (row[feature] as number) < (threshold[node] as number) ? left[node] : right[node]
    ) as number;
  }
  return node;
}
