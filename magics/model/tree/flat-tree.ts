/** A grown tree: nodes in pre-order, one entry in each list per node. Plain memory, quick to send. */
export interface FlatTree {
  readonly kind: "classifier" | "regression";
  /** `notSought` where no split was looked for, `notFound` where none was found. */
  readonly column: Int32Array;
  /** A leaf at the depth limit still knows the split it would have made. */
  readonly threshold: Float64Array;
  readonly gain: Float64Array;
  readonly rows: Int32Array;
  /** Indices of the children; -1 for a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Of the leaves, one after the other: the share by class, or the mean. */
  readonly answers: Float64Array;
  /** Where a node's answers start; one entry more than there are nodes. */
  readonly answersAt: Int32Array;
}

export const notSought = -1;
export const notFound = -2;

/** Of a leaf: share by class, or the mean; undefined for other nodes. */
export function distributionOf(
  { kind, left, answers, answersAt }: FlatTree,
  node: number,
): number[] | number | undefined {
  if (left[node] !== -1) return undefined;
  const start = answersAt[node] ?? 0;
  if (kind === "regression") return answers[start];
  const shares: number[] = [];
  const end = answersAt[node + 1] ?? 0;
  for (let place = start; place < end; place++) shares.push(answers[place] as number); // Within bounds.
  return shares;
}
