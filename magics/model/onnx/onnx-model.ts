import { compiledTrees } from "../compiled-trees.ts";
import type { SavedModel } from "../model.ts";
import type { CompiledTree } from "../tree/compiled-tree.ts";
import { exactShares, largest } from "../tree/mean-answer.ts";
import { inner, withFreeNames } from "./free-names.ts";
import { inputColumns } from "./input-columns.ts";
import { encodeOnnx, type OnnxNode, type Port, type Tensor } from "./onnx-proto.ts";
import { treeEnsemble } from "./tree-ensemble.ts";

const vector = `${inner}vector`;
const leafNumber = `${inner}leaf`;

/**
 * The model as an ONNX file. It takes one input a column, of the column's name, each [rows]: double
 * for numbers (NaN where missing), string for texts. Gives `label` and `probabilities` [rows,
 * classes in the order of `labels`], or `value`.
 */
export function onnxModel(saved: SavedModel): Uint8Array {
  const { schema, details } = saved;
  const trees = compiledTrees(saved);
  const columns = inputColumns(schema.features, vector);
  const ensemble = treeEnsemble(trees, { input: vector, output: `${leafNumber}.float` });
  const answer = schema.task === "regression" ? numbers : trees.length === 1 ? classes : votes;
  const leaves = ensemble.leaves.map(({ tree, node }) => ({
    distribution: (trees[tree] as CompiledTree).answerAt(node),
    rows: details?.nodeRows[tree]?.[node] ?? 0,
  }));
  const tail = answer(leaves, schema.labels, trees.length);
  const { example: _, ...description } = schema;
  const model = withFreeNames({
    name: schema.name,
    description: `${schema.target} from ${schema.features.map(({ name }) => name).join(", ")}`,
    inputs: columns.inputs,
    nodes: [
      ...columns.nodes,
      ensemble.node,
      {
        op: "Cast",
        inputs: [`${leafNumber}.float`],
        outputs: [leafNumber],
        attributes: { to: { int: 7 } },
      },
      ...tail.nodes,
    ],
    constants: { ...columns.constants, ...tail.constants },
    outputs: tail.outputs,
    metadata: { schema: JSON.stringify(description), labels: JSON.stringify(schema.labels) },
  });
  return encodeOnnx(model);
}

interface Leaf {
  readonly distribution: readonly number[] | number;
  readonly rows: number;
}

interface Tail {
  readonly nodes: readonly OnnxNode[];
  readonly constants: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Port[];
}

type Answer = (leaves: readonly Leaf[], labels: readonly string[], trees: number) => Tail;

/** The mean of the numbers in the leaves. */
const numbers: Answer = (leaves) => {
  const values = Float64Array.from(leaves, ({ distribution }) =>
    typeof distribution === "number" ? distribution : Number.NaN,
  );
  return {
    constants: { [`${inner}values`]: { dims: [values.length], values } },
    nodes: [
      gather(`${inner}values`, leafNumber, `${inner}each`),
      {
        op: "ReduceMean",
        inputs: [`${inner}each`],
        outputs: [`${inner}value`],
        attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
      },
    ],
    outputs: [{ name: "value", type: "double", dims: ["rows"] }],
  };
};

/** Of one tree: the leaf knows its class, as ml-cart chooses it, and its shares. */
const classes: Answer = (leaves, labels) => ({
  constants: {
    ...labelTable(labels),
    [`${inner}first`]: { dims: [1], values: BigInt64Array.of(1n) },
    [`${inner}codes`]: {
      dims: [leaves.length],
      values: BigInt64Array.from(leaves, (leaf) => BigInt(largest(sharesOf(leaf)))),
    },
    [`${inner}shares`]: shareTable(leaves, labels.length, (leaf) =>
      exactShares(sharesOf(leaf), leaf.rows),
    ),
  },
  nodes: [
    { op: "Squeeze", inputs: [leafNumber, `${inner}first`], outputs: [`${inner}only`] },
    gather(`${inner}codes`, `${inner}only`, `${inner}code`),
    gather(`${inner}labels`, `${inner}code`, `${inner}label`),
    gather(`${inner}shares`, `${inner}only`, `${inner}probabilities`),
  ],
  outputs: classOutputs(labels),
});

/** Of several trees: the class with the largest sum of shares. */
const votes: Answer = (leaves, labels) => ({
  constants: {
    ...labelTable(labels),
    [`${inner}second`]: { dims: [1], values: BigInt64Array.of(1n) },
    [`${inner}shares`]: shareTable(leaves, labels.length, sharesOf),
  },
  nodes: [
    gather(`${inner}shares`, leafNumber, `${inner}each`),
    reduceSum(`${inner}each`, `${inner}sums`, 0),
    reduceSum(`${inner}sums`, `${inner}total`, 1),
    { op: "Div", inputs: [`${inner}sums`, `${inner}total`], outputs: [`${inner}probabilities`] },
    {
      op: "ArgMax",
      inputs: [`${inner}sums`],
      outputs: [`${inner}code`],
      attributes: { axis: { int: 1 }, keepdims: { int: 0 } },
    },
    gather(`${inner}labels`, `${inner}code`, `${inner}label`),
  ],
  outputs: classOutputs(labels),
});

function sharesOf({ distribution }: Leaf): readonly number[] {
  return typeof distribution === "number" ? [] : distribution;
}

function shareTable(
  leaves: readonly Leaf[],
  count: number,
  read: (leaf: Leaf) => readonly number[],
): Tensor {
  const values = new Float64Array(leaves.length * count);
  for (const [index, leaf] of leaves.entries()) values.set(read(leaf), index * count);
  return { dims: [leaves.length, count], values };
}

function labelTable(labels: readonly string[]): Record<string, Tensor> {
  return { [`${inner}labels`]: { dims: [labels.length], values: labels } };
}

function classOutputs(labels: readonly string[]): Port[] {
  return [
    { name: "label", type: "string", dims: ["rows"] },
    { name: "probabilities", type: "double", dims: ["rows", labels.length] },
  ];
}

function gather(table: string, places: string, output: string): OnnxNode {
  return { op: "Gather", inputs: [table, places], outputs: [output] };
}

function reduceSum(input: string, output: string, keepDimensions: 0 | 1): OnnxNode {
  return {
    op: "ReduceSum",
    inputs: [input, `${inner}second`],
    outputs: [output],
    attributes: { keepdims: { int: keepDimensions } },
  };
}
