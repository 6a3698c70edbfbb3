/** A grown tree: nodes in pre-order, one entry in each list per node. */
export interface FlatTree {
  readonly kind: "classifier" | "regression";
  readonly nodes: readonly FlatNode[];
}

/** One node. A leaf at the depth limit still knows the split it would have made. */
export interface FlatNode {
  /** Column, threshold and gain; `column` is -1 where no split was looked for, -2 where none was found. */
  readonly column: number;
  readonly threshold: number;
  readonly gain: number;
  readonly rows: number;
  /** Indices of the children; -1 for a leaf. */
  left: number;
  right: number;
  /** Of a leaf: share by class, or the mean. */
  distribution: readonly number[] | number | undefined;
}

export const notSought = -1;
export const notFound = -2;
