import { type FlatNode, type FlatTree, notSought } from "./flat-tree.ts";
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
  const { kind } = tree;
  const head = {
    kind,
    gainFunction: kind === "classifier" ? ("gini" as const) : ("regression" as const),
    splitFunction: "mean" as const,
    minNumSamples: options.minNumSamples,
    maxDepth: finite(options.maxDepth),
  };
  const { kind: _, ...asked } = head;
  const gainThreshold = options.gainThreshold || 0;
  const cartNodes = tree.nodes.map((node) => cartNode(node, { ...head, gainThreshold }));
  // Children come after their parents, so that going backwards meets every child first.
  for (let index = tree.nodes.length - 1; index >= 0; index--) {
    const { left, right } = tree.nodes[index] as FlatNode;
    const cart = cartNodes[index] as CartNode;
    if (left < 0) continue;
    cart.left = cartNodes[left] as CartNode;
    cart.right = cartNodes[right] as CartNode;
  }
  return {
    options: { ...asked, gainThreshold: options.gainThreshold, kind },
    root: cartNodes[0] as CartNode,
    name: kind === "classifier" ? "DTClassifier" : "DTRegression",
  };
}

function cartNode(node: FlatNode, head: CartNode): CartNode {
  const cart: CartNode = { ...head };
  if (node.column >= 0) {
    cart.splitValue = finite(node.threshold);
    cart.splitColumn = node.column;
  }
  if (node.column !== notSought) cart.gain = finite(node.gain);
  if (node.column >= 0) cart.numberSamples = node.rows;
  if (node.distribution !== undefined) {
    cart.distribution =
      typeof node.distribution === "number" ? finite(node.distribution) : [node.distribution];
  }
  return cart;
}

/** JSON has neither infinities nor NaN nor a negative zero. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
