/** ml-cart's options with its defaults filled in. */
export interface TreeOptions {
  /** A node of this many rows or fewer is a leaf. */
  readonly minNumSamples: number;
  /** Infinity for no limit; the root is at depth 0. */
  readonly maxDepth: number;
  /** A split must bring more than this (classification) or leave more error than this (regression). */
  readonly gainThreshold: number;
}

/** Called now and then while a tree grows, with the share of the rows that are in finished leaves. */
export type OnGrowth = (share: number) => void;
