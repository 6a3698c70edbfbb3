import { type CompiledTree, leafOf } from "./compiled-tree.ts";

/** What trees say together: the mean of their numbers, or of their shares by class. */
export function meanAnswer(
  trees: readonly CompiledTree[],
  vector: ArrayLike<number>,
): readonly number[] | number {
  const shares: number[] = [];
  let sum = 0;
  for (const tree of trees) {
    const answer = tree.answerAt(leafOf(tree, vector));
    if (typeof answer === "number") sum += answer;
    else {
      for (let code = 0; code < answer.length; code++) {
        shares[code] = (shares[code] ?? 0) + (answer[code] ?? 0);
      }
    }
  }
  const count = trees.length;
  return shares.length === 0 ? sum / count : Array.from(shares, (share) => (share ?? 0) / count);
}

/** Index of the first greatest, as ml-cart takes it. */
export function largest(shares: readonly number[]): number {
  let best = 0;
  for (let index = 1; index < shares.length; index++) {
    if ((shares[index] ?? 0) > (shares[best] ?? 0)) best = index;
  }
  return best;
}

/** ml-cart adds 1/n up to a share, which is off by some last digits, and may be more than 1. */
export function exactShares(shares: readonly number[], rows: number): readonly number[] {
  if (rows > 0) return shares.map((share) => Math.round(share * rows) / rows);
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}
