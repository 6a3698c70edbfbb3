import type { FlatTree } from "./flat-tree.ts";
import { grow, type Leaf } from "./grow.ts";
import { TreeKernel } from "./kernel/tree-kernel.ts";
import type { OnGrowth, TreeOptions } from "./tree-options.ts";

export interface RegressionData {
  /** One array for each feature, without NaN. */
  readonly columns: readonly Float64Array[];
  readonly targets: Float64Array;
}

/** Grows the tree that ml-cart's DecisionTreeRegression grows from the same data, to the last bit. */
export function growRegression(
  { columns, targets }: RegressionData,
  options: TreeOptions,
  onGrowth?: OnGrowth,
): FlatTree {
  const kernel = new TreeKernel("regression", {
    rows: targets.length,
    columns: columns.length,
    classes: 0,
  });
  for (const [column, values] of columns.entries()) kernel.sort(column, values);
  kernel.setTargets(targets);
  const answer = ({ start, end }: Leaf, answers: number[]) => {
    answers.push(kernel.functions.mean(start, end));
  };
  const learner = { kind: "regression", rootGain: 0, noGain: Infinity, answer } as const;
  return grow(kernel, learner, options, onGrowth);
}
