import { z } from "zod";
import type { ModelSchema, Row } from "../model/model.ts";
import type { TypedApp } from "./create-app.ts";
import type { ErrorFields } from "./fallthrough.ts";
import { fieldErrors } from "./field-error.ts";
import { HttpError, unprocessable } from "./http-error.ts";
import { type Prediction, predictRow } from "./prediction.ts";
import { makeRowSchema } from "./row-schema.ts";
import type { Served } from "./served.ts";
import { inputTensor, type OutputTensor, outputTensor, readTensors } from "./tensors.ts";

const tags = ["open inference protocol"];
const parameters = z.record(z.string(), z.unknown()).optional();
const isTrue = z.literal(true);

/** The protocol wants an error's words in `error`. */
export const inferenceErrorFields: ErrorFields = (request, { detail }) => {
  if (!request.path.startsWith("/v2/")) return {};
  if (typeof detail === "string") return { error: detail };
  return { error: detail.map(({ loc, msg }) => `${loc.slice(1).join(".")}: ${msg}`).join("; ") };
};

/** Adds the endpoints of the Open Inference Protocol v2, as KServe and Triton have them. */
export function addInference(app: TypedApp, served: Served): void {
  const { schema } = served;
  addServer(app);
  const name = z.string().meta({ examples: [schema.name], description: "Name of the model" });
  const definition = { tags, params: z.object({ name }), errors: { 404: "No such model" } };
  const check = (given: string) => {
    if (given !== schema.name) throw new HttpError(404, `The only model here is "${schema.name}"`);
  };
  const columns = schema.features.map((feature) => ({
    name: feature.name,
    datatype: feature.kind === "number" ? "FP64" : "BYTES",
    shape: [-1],
  }));
  app.get(
    "/v2/models/:name",
    {
      ...definition,
      operationId: "modelMetadata",
      summary: "Tell the model's tensors",
      response: metadata,
    },
    ({ params }) => {
      check(params.name);
      const outputs = describeOutputs(schema);
      return {
        name: schema.name,
        versions: ["1"],
        platform: "colabcode_tree",
        inputs: columns,
        outputs,
      };
    },
  );
  app.get(
    "/v2/models/:name/ready",
    {
      ...definition,
      operationId: "modelReady",
      summary: "Tell that the model is loaded",
      response: z.object({ name: z.string(), ready: isTrue }),
    },
    ({ params }) => {
      check(params.name);
      return { name: schema.name, ready: true as const };
    },
  );
  addInfer(app, served, { ...definition, check });
}

function addServer(app: TypedApp): void {
  const health = { tags, security: [] };
  app.get(
    "/v2/health/live",
    {
      ...health,
      operationId: "serverLive",
      summary: "Tell that the server lives",
      response: z.object({ live: isTrue }),
    },
    () => ({ live: true as const }),
  );
  app.get(
    "/v2/health/ready",
    {
      ...health,
      operationId: "serverReady",
      summary: "Tell that models are loaded",
      response: z.object({ ready: isTrue }),
    },
    () => ({ ready: true as const }),
  );
  app.get(
    "/v2",
    {
      tags,
      operationId: "serverMetadata",
      summary: "Tell what the server is",
      response: z.object({
        name: z.string(),
        version: z.string(),
        extensions: z.array(z.string()),
      }),
    },
    () => ({ name: "colabcode", version: "1", extensions: [] }),
  );
}

const tensorMetadata = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.int()),
});
const metadata = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(tensorMetadata),
  outputs: z.array(tensorMetadata),
});

const inferRequest = z
  .object({
    id: z.string().max(1000).optional(),
    parameters,
    inputs: z.array(inputTensor).min(1),
    outputs: z.array(z.object({ name: z.string(), parameters })).optional(),
  })
  .meta({ id: "InferenceRequest" });

const inferResponse = z
  .object({
    model_name: z.string(),
    model_version: z.string(),
    id: z.string().optional(),
    outputs: z.array(outputTensor),
  })
  .meta({ id: "InferenceResponse" });

interface ModelRoute {
  readonly tags: readonly string[];
  readonly params: z.ZodObject<{ name: z.ZodString }>;
  readonly errors: Readonly<Record<number, string>>;
  check(name: string): void;
}

function addInfer(app: TypedApp, served: Served, { check, ...route }: ModelRoute): void {
  const { model, schema, metrics } = served;
  const rowsSchema = z.array(makeRowSchema(schema));
  const isClassification = schema.task === "classification";
  app.post(
    "/v2/models/:name/infer",
    {
      ...route,
      operationId: "infer",
      summary: `Predict ${schema.target} from tensors`,
      description:
        "Takes one tensor for each feature (BYTES for texts, FP64 or another number type), or, where all features are numbers, one of shape [rows, features].",
      body: inferRequest,
      // Clients of the protocol do not always say it.
      isTypeOptional: true,
      response: inferResponse,
      isResponseTrusted: true,
      example: { inputs: exampleInputs(schema) },
      errors: { ...route.errors, ...served.errors },
    },
    ({ body, params }) => {
      check(params.name);
      const { rows, locate } = readTensors(body.inputs, schema.features);
      const result = rowsSchema.safeParse(rows);
      if (!result.success) {
        const errors = fieldErrors(result.error.issues, rows, []);
        throw unprocessable(
          errors.map((error) => ({
            ...error,
            loc: locate(Number(error.loc[0]), String(error.loc[1])),
          })),
        );
      }
      const answers = result.data.map((row) => {
        const answer = predictRow(model, row as Row, { proba: true, explain: false }); // Just checked.
        metrics.predictionsOf(isClassification ? String(answer.prediction) : "number").value++;
        return answer;
      });
      return {
        model_name: schema.name,
        model_version: "1",
        ...(body.id === undefined ? {} : { id: body.id }),
        outputs: pickOutputs(
          makeOutputs(schema, answers),
          body.outputs?.map(({ name }) => name),
        ),
      };
    },
  );
}

function describeOutputs({ task, labels }: ModelSchema) {
  if (task === "regression") return [{ name: "prediction", datatype: "FP64", shape: [-1] }];
  return [
    { name: "prediction", datatype: "BYTES", shape: [-1] },
    { name: "probabilities", datatype: "FP64", shape: [-1, labels.length] },
  ];
}

/** Predictions, and for classes the share of each in the order of the model's labels. */
function makeOutputs(
  { task, labels }: ModelSchema,
  answers: readonly Prediction[],
): OutputTensor[] {
  const data = answers.map(({ prediction }) => prediction);
  const shape = [answers.length];
  if (task === "regression") return [{ name: "prediction", datatype: "FP64", shape, data }];
  const shares = answers.flatMap(({ probabilities = {} }) =>
    labels.map((label) => probabilities[label] ?? 0),
  );
  return [
    { name: "prediction", datatype: "BYTES", shape, data },
    { name: "probabilities", datatype: "FP64", shape: [...shape, labels.length], data: shares },
  ];
}

function pickOutputs(
  outputs: OutputTensor[],
  names: readonly string[] | undefined,
): OutputTensor[] {
  if (names === undefined || names.length === 0) return outputs;
  return names.map((name, index) => {
    const output = outputs.find((tensor) => tensor.name === name);
    if (output !== undefined) return output;
    const known = outputs.map((tensor) => `"${tensor.name}"`).join(", ");
    const loc = ["body", "outputs", index, "name"];
    throw unprocessable([{ type: "enum", loc, msg: `Output should be ${known}`, input: name }]);
  });
}

function exampleInputs({ features, example }: ModelSchema) {
  return features.map((feature) => ({
    name: feature.name,
    shape: [1],
    datatype: feature.kind === "number" ? "FP64" : "BYTES",
    data: [example[feature.name] ?? feature.fallback],
  }));
}
