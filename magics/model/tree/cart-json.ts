import { distributionOf, type FlatTree, notSought } from "./flat-tree.ts";
import type { TreeOptions } from "./tree-options.ts";

/** One node of ml-cart's JSON; fields in ml-cart's order, absent where ml-cart leaves them out. */
export interface CartNode {
  kind: "classifier" | "regression";
  gainFunction: "gini" | "regression";
  splitFunction: "mean";
  minNumSamples: number;
  /** Null stands for no limit. */
  maxDepth: number | null;
  gainThreshold: number;
  splitValue?: number | null;
  splitColumn?: number;
  /** Null stands for an infinite one. */
  gain?: number | null;
  numberSamples?: number;
  left?: CartNode;
  right?: CartNode;
  distribution?: readonly (readonly number[])[] | number | null;
}

/** What ml-cart's `toJSON` gives, after it went through JSON; ml-cart's `load` takes it. */
export interface CartJson {
  readonly options: Readonly<Record<string, unknown>>;
  readonly root: CartNode;
  readonly name: "DTClassifier" | "DTRegression";
}

/** The tree as ml-cart's JSON, every field to the last bit. */
export function toCartJson(tree: FlatTree, options: TreeOptions): CartJson {
  const { kind, left, right } = tree;
  const head = {
    kind,
    gainFunction: kind === "classifier" ? ("gini" as const) : ("regression" as const),
    splitFunction: "mean" as const,
    minNumSamples: options.minNumSamples,
    maxDepth: finite(options.maxDepth),
  };
  const { kind: _, ...asked } = head;
  const gainThreshold = options.gainThreshold || 0;
  const nodes: CartNode[] = [];
  // Children come after their parents, so that going backwards meets every child first.
  for (let index = left.length - 1; index >= 0; index--) {
    const node = cartNode(tree, index, { ...head, gainThreshold });
    nodes[index] = node;
    const child = left[index] as number; // Within bounds.
    if (child >= 0) {
      node.left = nodes[child] as CartNode;
      node.right = nodes[right[index] as number] as CartNode;
    }
  }
  return {
    options: { ...asked, gainThreshold: options.gainThreshold, kind },
    root: nodes[0] as CartNode,
    name: kind === "classifier" ? "DTClassifier" : "DTRegression",
  };
}

function cartNode(tree: FlatTree, index: number, head: CartNode): CartNode {
  const cart: CartNode = head;
  const column = tree.column[index] as number; // Within bounds, as below.
  if (column >= 0) {
    cart.splitValue = finite(tree.threshold[index] as number);
    cart.splitColumn = column;
  }
  if (column !== notSought) cart.gain = finite(tree.gain[index] as number);
  if (column >= 0) cart.numberSamples = tree.rows[index] as number;
  const distribution = distributionOf(tree, index);
  if (distribution !== undefined) {
    cart.distribution = typeof distribution === "number" ? finite(distribution) : [distribution];
  }
  return cart;
}

/** JSON has neither infinities nor NaN nor a negative zero. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
