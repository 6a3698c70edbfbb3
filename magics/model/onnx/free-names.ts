import type { OnnxModel } from "./onnx-proto.ts";

/** What names between inputs and outputs start with until they are given free ones. */
export const inner = "\u0000";

/**
 * The model with names that do not meet: columns keep theirs, so what is between gets a prefix that
 * no column starts with, and an output whose name is a column's gets an underscore in front.
 */
export function withFreeNames(model: OnnxModel): OnnxModel {
  const taken = model.inputs.map(({ name }) => name);
  let prefix = "model/";
  while (taken.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  const outputs = new Map(
    model.outputs.map(({ name }) => {
      let free = name;
      while (taken.includes(free)) free = `_${free}`;
      return [inner + name, free];
    }),
  );
  const rename = (name: string) =>
    outputs.get(name) ?? (name.startsWith(inner) ? prefix + name.slice(inner.length) : name);
  return {
    ...model,
    nodes: model.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    })),
    constants: Object.fromEntries(
      Object.entries(model.constants).map(([name, tensor]) => [rename(name), tensor]),
    ),
    outputs: model.outputs.map((port) => ({ ...port, name: rename(inner + port.name) })),
  };
}
