// Indices are within bounds throughout; `as number` says so to the compiler.
import { ColabCodeError } from "../../errors.ts";
import type { CartJson, CartNode } from "./cart-json.ts";

/** ml-cart's JSON made ready to be walked quickly. Nodes are in pre-order. */
export interface CompiledTree {
  /** -1 for a leaf. */
  readonly column: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** ml-cart's gain; NaN where there is none. */
  readonly gain: Float64Array;
  /** Of leaves: share by class as ml-cart has it, or a mean. */
  readonly distribution: readonly (readonly number[] | number | undefined)[];
}

/** Compiles ml-cart's JSON; throws BAD_MODEL where it is not such. */
export function compileTree(json: unknown): CompiledTree {
  const root = (json as Partial<CartJson> | null)?.root; // Checked node by node below.
  const nodes: CartNode[] = [];
  const left: number[] = [];
  const right: number[] = [];
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
    if (node.distribution !== undefined) continue;
    pending.push({ node: node.right, parent: id, isLeft: false });
    pending.push({ node: node.left, parent: id, isLeft: true });
  }
  const isLeaf = (node: CartNode) => node.distribution !== undefined;
  return {
    column: Int32Array.from(nodes, (node) => (isLeaf(node) ? -1 : (node.splitColumn ?? -1))),
    threshold: Float64Array.from(nodes, (node) => node.splitValue ?? Number.NaN),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    gain: Float64Array.from(nodes, (node) => node.gain ?? Number.NaN),
    distribution: nodes.map(({ distribution }) =>
      Array.isArray(distribution) ? distribution[0] : (distribution as number | undefined),
    ),
  };
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
