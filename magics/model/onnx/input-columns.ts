import type { Feature } from "../model.ts";
import type { OnnxNode, Port, Tensor } from "./onnx-proto.ts";

export interface InputColumns {
  readonly inputs: readonly Port[];
  readonly nodes: readonly OnnxNode[];
  readonly constants: Readonly<Record<string, Tensor>>;
}

/**
 * One input a column, of its own name: numbers as double, texts as string, each [rows]. Gives
 * `output` [rows, features] as the trees want it. NaN stands for a missing number, any text that
 * the training data did not have for a missing text.
 */
export function inputColumns(features: readonly Feature[], output: string): InputColumns {
  const axis = `${output}.axis`;
  const constants: Record<string, Tensor> = { [axis]: { dims: [1], values: BigInt64Array.of(1n) } };
  const columns = features.map((feature, index) => {
    const name = `${output}.${index}`;
    const nodes: OnnxNode[] = [];
    if (feature.kind === "number") {
      constants[`${name}.fallback`] = {
        dims: [],
        values: Float64Array.of(Number(feature.fallback)),
      };
      nodes.push(
        { op: "IsNaN", inputs: [feature.name], outputs: [`${name}.missing`] },
        {
          op: "Where",
          inputs: [`${name}.missing`, `${name}.fallback`, feature.name],
          outputs: [`${name}.known`],
        },
      );
    } else {
      nodes.push(
        {
          op: "LabelEncoder",
          domain: "ai.onnx.ml",
          inputs: [feature.name],
          outputs: [`${name}.place`],
          attributes: {
            keys_strings: { texts: feature.categories },
            values_floats: { floats: feature.categories.map((_, place) => place) },
            default_float: { float: feature.categories.indexOf(String(feature.fallback)) },
          },
        },
        {
          op: "Cast",
          inputs: [`${name}.place`],
          outputs: [`${name}.known`],
          attributes: { to: { int: 11 } },
        },
      );
    }
    nodes.push({ op: "Unsqueeze", inputs: [`${name}.known`, axis], outputs: [name] });
    return { name, nodes };
  });
  return {
    constants,
    inputs: features.map(({ name, kind }) => ({
      name,
      type: kind === "number" ? "double" : "string",
      dims: ["rows"],
    })),
    nodes: [
      ...columns.flatMap(({ nodes }) => nodes),
      {
        op: "Concat",
        inputs: columns.map(({ name }) => name),
        outputs: [output],
        attributes: { axis: { int: 1 } },
      },
    ],
  };
}
