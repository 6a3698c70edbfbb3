// Indices are within bounds throughout; `as number` says so to the compiler.
import { type CompiledTree, leafOf } from "../tree/compiled-tree.ts";

/**
 * Share of the whole gain that each column brought. For classes a node's gain counts by its rows;
 * for numbers it is how much squared error the cut took away.
 */
export function importances(
  tree: CompiledTree,
  nodeRows: Int32Array,
  { columns, targets }: { columns: readonly Float64Array[]; targets: Float64Array | undefined },
): number[] {
  const errors = targets === undefined ? undefined : nodeErrors(tree, columns, targets);
  const gains = columns.map(() => 0);
  for (let node = 0; node < tree.column.length; node++) {
    const column = tree.column[node] as number;
    if (column < 0) continue;
    const gain =
      errors === undefined
        ? (tree.gain[node] as number) * (nodeRows[node] as number)
        : (errors[node] as number) - (tree.gain[node] as number);
    gains[column] = (gains[column] as number) + Math.max(0, gain);
  }
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return gains.map((gain) => (total === 0 ? 0 : gain / total));
}

/** Squared error around the mean of the training rows in each node, gathered from the leaves up. */
function nodeErrors(
  tree: CompiledTree,
  columns: readonly Float64Array[],
  targets: Float64Array,
): Float64Array {
  const size = tree.column.length;
  const rows = new Float64Array(size);
  const means = new Float64Array(size);
  const errors = new Float64Array(size);
  const row = new Float64Array(columns.length);
  for (let index = 0; index < targets.length; index++) {
    for (let column = 0; column < columns.length; column++) {
      row[column] = (columns[column] as Float64Array)[index] as number;
    }
    const leaf = leafOf(tree, row);
    const target = targets[index] as number;
    const count = (rows[leaf] as number) + 1;
    const distance = target - (means[leaf] as number);
    rows[leaf] = count;
    means[leaf] = (means[leaf] as number) + distance / count;
    errors[leaf] = (errors[leaf] as number) + distance * (target - (means[leaf] as number));
  }
  for (let node = size - 1; node >= 0; node--) {
    const [left, right] = [tree.left[node] as number, tree.right[node] as number];
    if (left < 0) continue;
    const [n, m] = [rows[left] as number, rows[right] as number];
    const distance = (means[right] as number) - (means[left] as number);
    rows[node] = n + m;
    means[node] = (means[left] as number) + (distance * m) / (n + m);
    errors[node] =
      (errors[left] as number) +
      (errors[right] as number) +
      (distance * distance * n * m) / (n + m);
  }
  return errors;
}
