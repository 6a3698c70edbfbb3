import { z } from "zod";
import type { Feature } from "../model/model.ts";
import type { FieldError, Location } from "./field-error.ts";
import { unprocessable } from "./http-error.ts";
import { maxBatchRows } from "./served.ts";

const numberTypes = [
  ...["UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64"],
  ...["FP16", "FP32", "FP64"],
];
const dataTypes = ["BOOL", "BYTES", ...numberTypes];

const parameters = z.record(z.string(), z.unknown()).optional();

/** A tensor of the Open Inference Protocol as a request holds it. */
export const inputTensor = z
  .object({
    name: z.string(),
    shape: z.array(z.int().min(0)).min(1).max(8),
    datatype: z.enum(dataTypes),
    parameters,
    data: z.array(z.unknown()).describe("Row by row, flat or nested"),
  })
  .meta({ id: "InputTensor" });

/** A tensor as a reply holds it. */
export const outputTensor = z
  .object({
    name: z.string(),
    shape: z.array(z.int()),
    datatype: z.enum(["BYTES", "FP64"]),
    data: z.array(z.union([z.string(), z.number()])),
  })
  .meta({ id: "OutputTensor" });

export type InputTensor = z.output<typeof inputTensor>;
export type OutputTensor = z.output<typeof outputTensor>;

/** Rows made of tensors, and where in the request a row's value stood. */
export interface TensorRows {
  readonly rows: readonly Record<string, unknown>[];
  locate(row: number, feature: string): Location;
}

/**
 * Makes rows of a request's tensors: one for each feature, or one that holds them all where all
 * are numbers. Throws HttpError 422 that names the wrong tensor; values are not checked.
 */
export function readTensors(
  inputs: readonly InputTensor[],
  features: readonly Feature[],
): TensorRows {
  const [first] = inputs;
  const isNamed = features.some(({ name }) => name === first?.name);
  return inputs.length === 1 && first !== undefined && !isNamed
    ? readTable(first, features)
    : readColumns(inputs, features);
}

/** Shape [rows, features], in the model's order of features. */
function readTable(input: InputTensor, features: readonly Feature[]): TensorRows {
  const names = features.map(({ name }) => name);
  const text = features.find(({ kind }) => kind === "category");
  if (text !== undefined) {
    refuse(0, "name", `"${text.name}" takes texts, so give one tensor for each feature`);
  }
  const [count = 0, width] = input.shape;
  if (input.shape.length !== 2 || width !== names.length) {
    refuse(0, "shape", `The shape should be [rows, ${names.length}] for ${names.join(", ")}`);
  }
  if (!numberTypes.includes(input.datatype)) refuse(0, "datatype", "The features are numbers");
  const data = flatten(input, 0);
  const rows = Array.from({ length: count }, (_, row) =>
    Object.fromEntries(names.map((name, place) => [name, data[row * names.length + place]])),
  );
  return {
    rows,
    locate: (row, name) => dataLocation(0, row * names.length + names.indexOf(name)),
  };
}

function readColumns(inputs: readonly InputTensor[], features: readonly Feature[]): TensorRows {
  const known = new Map(features.map((feature) => [feature.name, feature]));
  const places = new Map<string, number>();
  const count = inputs[0]?.shape[0] ?? 0;
  const columns = inputs.map((input, index) => {
    const feature = known.get(input.name);
    if (feature === undefined) return refuse(index, "name", "The model has no such feature");
    if (places.has(input.name)) refuse(index, "name", "Tensor given more than once");
    places.set(input.name, index);
    checkColumn(input, index, { feature, count });
    return { name: input.name, data: flatten(input, index) };
  });
  const missing = features.find(({ name, isOptional }) => !isOptional && !places.has(name));
  if (missing !== undefined) {
    const loc = ["body", "inputs", missing.name];
    throw unprocessable([{ type: "missing", loc, msg: "Tensor required", input: null }]);
  }
  const rows = Array.from({ length: count }, (_, row) =>
    Object.fromEntries(columns.map(({ name, data }) => [name, data[row]])),
  );
  return { rows, locate: (row, name) => dataLocation(places.get(name) ?? 0, row) };
}

function checkColumn(
  { shape, datatype }: InputTensor,
  index: number,
  { feature, count }: { readonly feature: Feature; readonly count: number },
): void {
  const isColumn = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!isColumn) refuse(index, "shape", "The shape should be [rows] or [rows, 1]");
  if (shape[0] !== count) refuse(index, "shape", `The first tensor has ${count} rows`);
  const wanted = feature.kind === "number" ? numberTypes : ["BYTES"];
  if (!wanted.includes(datatype)) {
    const example = feature.kind === "number" ? "FP64" : "BYTES";
    refuse(index, "datatype", `The feature takes ${example}, not ${datatype}`);
  }
}

function flatten({ shape, data }: InputTensor, index: number): readonly unknown[] {
  const [count = 0] = shape;
  if (count < 1) refuse(index, "shape", "There should be at least 1 row");
  if (count > maxBatchRows) refuse(index, "shape", `There should be at most ${maxBatchRows} rows`);
  const flat = data.flat(shape.length - 1);
  const size = shape.reduce((product, length) => product * length, 1);
  if (flat.length !== size) {
    refuse(index, "data", `The shape asks for ${size} values, found ${flat.length}`);
  }
  return flat;
}

function dataLocation(index: number, place: number): Location {
  return ["body", "inputs", index, "data", place];
}

function refuse(index: number, part: keyof InputTensor, msg: string): never {
  const error: FieldError = {
    type: "tensor_error",
    loc: ["body", "inputs", index, part],
    msg,
    input: null,
  };
  throw unprocessable([error]);
}
