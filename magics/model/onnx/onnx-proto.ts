import {
  type Bytes,
  bytesField,
  join,
  numberField,
  numbersField,
  repeatedField,
} from "./protobuf.ts";

/** What a tensor holds, by ONNX's own numbers. */
export const elementTypes = { int64: 7, string: 8, double: 11 } as const;
export type ElementType = keyof typeof elementTypes;

export interface Tensor {
  readonly dims: readonly number[];
  readonly values: Float64Array | BigInt64Array | readonly string[];
}

/** One operation of a graph. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** "ai.onnx.ml", or left out for ONNX's own. */
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] | Int32Array }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly floats: readonly number[] }
  | { readonly float: number }
  | { readonly tensor: Tensor };

/** A tensor that goes in or out; dimensions are numbers or names. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly (number | string)[];
}

export interface OnnxModel {
  readonly name: string;
  readonly description: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: Readonly<Record<string, Tensor>>;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly metadata: Readonly<Record<string, string>>;
}

const irVersion = 8;
const opsets = { "": 17, "ai.onnx.ml": 3 };

/** The model as the bytes of an `.onnx` file. */
export function encodeOnnx(model: OnnxModel): Bytes {
  const constants = Object.entries(model.constants);
  const graph = join([
    repeatedField(1, model.nodes.map(encodeNode)),
    bytesField(2, model.name),
    repeatedField(
      5,
      constants.map(([name, tensor]) => encodeTensor(tensor, name)),
    ),
    repeatedField(11, model.inputs.map(encodePort)),
    repeatedField(12, model.outputs.map(encodePort)),
  ]);
  return join([
    numberField(1, irVersion),
    bytesField(2, "colabcode"),
    bytesField(6, model.description),
    bytesField(7, graph),
    repeatedField(
      8,
      Object.entries(opsets).map(([domain, version]) =>
        join([bytesField(1, domain), numberField(2, version)]),
      ),
    ),
    repeatedField(
      14,
      Object.entries(model.metadata).map(([key, value]) =>
        join([bytesField(1, key), bytesField(2, value)]),
      ),
    ),
  ]);
}

function encodeNode({ op, inputs, outputs, domain, attributes }: OnnxNode): Bytes {
  return join([
    repeatedField(1, inputs),
    repeatedField(2, outputs),
    bytesField(4, op),
    repeatedField(
      5,
      Object.entries(attributes ?? {}).map(([name, value]) =>
        join([bytesField(1, name), encodeAttribute(value)]),
      ),
    ),
    ...(domain === undefined ? [] : [bytesField(7, domain)]),
  ]);
}

/** The value of an attribute and, in field 20, its kind. */
function encodeAttribute(value: Attribute): Bytes {
  if ("int" in value) return join([numberField(3, value.int), numberField(20, 2)]);
  if ("text" in value) return join([bytesField(4, value.text), numberField(20, 3)]);
  if ("tensor" in value)
    return join([bytesField(5, encodeTensor(value.tensor)), numberField(20, 4)]);
  if ("ints" in value) return join([numbersField(8, value.ints), numberField(20, 7)]);
  if ("texts" in value) return join([repeatedField(9, value.texts), numberField(20, 8)]);
  if ("float" in value) {
    // A field of four bytes: number 2, wire type 5.
    return join([Uint8Array.of(0x15), bytesOf(Float32Array.of(value.float)), numberField(20, 1)]);
  }
  return join([bytesField(7, bytesOf(Float32Array.from(value.floats))), numberField(20, 6)]);
}

function encodeTensor({ dims, values }: Tensor, name?: string): Bytes {
  const type =
    values instanceof Float64Array
      ? "double"
      : values instanceof BigInt64Array
        ? "int64"
        : "string";
  return join([
    numbersField(1, dims),
    numberField(2, elementTypes[type]),
    ...(name === undefined ? [] : [bytesField(8, name)]),
    values instanceof Float64Array || values instanceof BigInt64Array
      ? bytesField(9, bytesOf(values))
      : repeatedField(6, values),
  ]);
}

function encodePort({ name, type, dims }: Port): Bytes {
  const shape = repeatedField(
    1,
    dims.map((dim) => (typeof dim === "number" ? numberField(1, dim) : bytesField(2, dim))),
  );
  const tensor = join([numberField(1, elementTypes[type]), bytesField(2, shape)]);
  return join([bytesField(1, name), bytesField(2, bytesField(1, tensor))]);
}

/** Little-endian, as ONNX wants it and every machine that Node.js runs on has it. */
function bytesOf(values: Float64Array | Float32Array | BigInt64Array): Bytes {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
