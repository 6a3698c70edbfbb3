import type { CompiledTree } from "../tree/compiled-tree.ts";
import type { OnnxNode } from "./onnx-proto.ts";

/** The trees as one operation, and what its answers stand for. */
export interface TreeEnsemble {
  /** Takes `input` [rows, features], gives `output` [rows, trees]: the number of the leaf in each tree. */
  readonly node: OnnxNode;
  /** Leaves by number, those of the first tree first. */
  readonly leaves: readonly { readonly tree: number; readonly node: number }[];
}

/**
 * Finds leaves and not answers, since ONNX keeps answers in 32 bits only: numbers of leaves are
 * exact there, and thresholds have 64 bits.
 */
export function treeEnsemble(
  trees: readonly CompiledTree[],
  { input, output }: { input: string; output: string },
): TreeEnsemble {
  const leaves: { tree: number; node: number }[] = [];
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const modes: string[] = [];
  for (const [tree, { column }] of trees.entries()) {
    for (const [node, feature] of column.entries()) {
      treeIds.push(tree);
      nodeIds.push(node);
      modes.push(feature < 0 ? "LEAF" : "BRANCH_LT");
      if (feature < 0) leaves.push({ tree, node });
    }
  }
  const all = (read: (tree: CompiledTree) => Int32Array) =>
    trees.flatMap((tree) => Array.from(read(tree), (value) => Math.max(0, value)));
  const thresholds = trees.flatMap((tree) =>
    Array.from(tree.threshold, (value) => (Number.isNaN(value) ? 0 : value)),
  );
  return {
    leaves,
    node: {
      op: "TreeEnsembleRegressor",
      domain: "ai.onnx.ml",
      inputs: [input],
      outputs: [output],
      attributes: {
        n_targets: { int: trees.length },
        nodes_treeids: { ints: treeIds },
        nodes_nodeids: { ints: nodeIds },
        nodes_featureids: { ints: all(({ column }) => column) },
        nodes_modes: { texts: modes },
        nodes_truenodeids: { ints: all(({ left }) => left) },
        nodes_falsenodeids: { ints: all(({ right }) => right) },
        nodes_values_as_tensor: {
          tensor: { dims: [thresholds.length], values: Float64Array.from(thresholds) },
        },
        target_treeids: { ints: leaves.map(({ tree }) => tree) },
        target_nodeids: { ints: leaves.map(({ node }) => node) },
        target_ids: { ints: leaves.map(({ tree }) => tree) },
        target_weights_as_tensor: {
          tensor: { dims: [leaves.length], values: Float64Array.from(leaves, (_, index) => index) },
        },
      },
    },
  };
}
