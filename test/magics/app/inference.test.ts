import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createModelApp } from "../../../magics/app/model-app.ts";
import type { SavedModel } from "../../../magics/model/model.ts";
import { type Serving, serve } from "./serve.ts";
import { createModel, savedPenguins } from "./small-model.ts";

let server: Serving;
let numeric: Serving;

before(async () => {
  server = await serveModel(savedPenguins());
  numeric = await serveModel(withoutTexts(savedPenguins()));
});

after(async () => {
  await server[Symbol.asyncDispose]();
  await numeric[Symbol.asyncDispose]();
});

function serveModel(saved: SavedModel): Promise<Serving> {
  const model = createModelApp(createModel(saved));
  model[Symbol.dispose]();
  return serve(model.app);
}

function withoutTexts(saved: SavedModel): SavedModel {
  const features = saved.schema.features.filter(({ kind }) => kind === "number");
  const example = { flipper: 181, bill: 39.1 };
  return { ...saved, schema: { ...saved.schema, features, example } };
}

function infer(body: unknown, { url } = server, model = "penguins"): Promise<Response> {
  return fetch(`${url}/v2/models/${model}/infer`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

const flipper = { name: "flipper", shape: [2], datatype: "INT64", data: [181, 210] };
const bill = { name: "bill", shape: [2, 1], datatype: "FP64", data: [[39.1], [null]] };
const island = { name: "island", shape: [2], datatype: "BYTES", data: ["Dream", "Biscoe"] };
const prediction = {
  name: "prediction",
  datatype: "BYTES",
  shape: [2],
  data: ["Adelie", "Gentoo"],
};
const probabilities = {
  name: "probabilities",
  datatype: "FP64",
  shape: [2, 3],
  data: [0.97, 0.03, 0, 0, 0.05, 0.95],
};
const answer = { model_name: "penguins", model_version: "1" };

test("/v2 tells of the server, its health and its model", async () => {
  const get = async (path: string) => (await fetch(server.url + path)).json();
  assert.deepEqual(await get("/v2"), { name: "colabcode", version: "1", extensions: [] });
  assert.deepEqual(await get("/v2/health/live"), { live: true });
  assert.deepEqual(await get("/v2/health/ready"), { ready: true });
  assert.deepEqual(await get("/v2/models/penguins/ready"), { name: "penguins", ready: true });
  assert.deepEqual(await get("/v2/models/penguins"), {
    name: "penguins",
    versions: ["1"],
    platform: "colabcode_tree",
    inputs: [
      { name: "flipper", datatype: "FP64", shape: [-1] },
      { name: "bill", datatype: "FP64", shape: [-1] },
      { name: "island", datatype: "BYTES", shape: [-1] },
    ],
    outputs: [
      { name: "prediction", datatype: "BYTES", shape: [-1] },
      { name: "probabilities", datatype: "FP64", shape: [-1, 3] },
    ],
  });
});

test("POST /v2/models/{name}/infer takes a tensor for each feature", async () => {
  const reply = await infer({ id: "7", inputs: [flipper, bill, island] });
  assert.deepEqual(await reply.json(), {
    ...answer,
    id: "7",
    outputs: [prediction, probabilities],
  });
  const outputs = [{ name: "prediction" }];
  const picked = await infer({ inputs: [island, flipper, bill], outputs });
  assert.deepEqual(await picked.json(), { ...answer, outputs: [prediction] });
});

test("POST /v2/models/{name}/infer takes one tensor where all features are numbers", async () => {
  const rows = { name: "input-0", shape: [2, 2], datatype: "FP64" };
  const outputs = [prediction, probabilities];
  const nested = [
    [181, 39.1],
    [210, 50],
  ];
  for (const data of [nested, nested.flat()]) {
    const reply = await infer({ inputs: [{ ...rows, data }] }, numeric);
    assert.deepEqual(await reply.json(), { ...answer, outputs });
  }
});

const wrong: [name: string, inputs: unknown[], error: string][] = [
  ["a missing tensor", [flipper], "inputs.island: Tensor required"],
  [
    "an unknown tensor",
    [flipper, { ...bill, name: "mass" }],
    "inputs.1.name: The model has no such feature",
  ],
  ["a repeated tensor", [flipper, flipper], "inputs.1.name: Tensor given more than once"],
  [
    "texts for numbers",
    [{ ...flipper, datatype: "BYTES" }],
    "inputs.0.datatype: The feature takes FP64, not BYTES",
  ],
  [
    "too few values",
    [{ ...flipper, shape: [3] }],
    "inputs.0.data: The shape asks for 3 values, found 2",
  ],
  [
    "tensors of other lengths",
    [flipper, { ...bill, shape: [1], data: [1] }],
    "inputs.1.shape: The first tensor has 2 rows",
  ],
  [
    "no rows",
    [{ ...flipper, shape: [0], data: [] }],
    "inputs.0.shape: There should be at least 1 row",
  ],
  [
    "too many rows",
    [{ ...flipper, shape: [10_001] }],
    "inputs.0.shape: There should be at most 10000 rows",
  ],
  [
    "one tensor for texts too",
    [{ name: "all", shape: [1, 3], datatype: "FP64", data: [1, 2, 3] }],
    'inputs.0.name: "island" takes texts, so give one tensor for each feature',
  ],
  [
    "an unknown category",
    [flipper, bill, { ...island, data: ["Dream", "Mars"] }],
    "inputs.2.data.1: Input should be 'Biscoe', 'Dream', 'Torgersen'",
  ],
  ["no tensors", [], "inputs: List should have at least 1 items"],
];

for (const [name, inputs, error] of wrong) {
  test(`POST /v2/models/{name}/infer refuses ${name}`, async () => {
    const reply = await infer({ inputs });
    const body = (await reply.json()) as { error: string; detail: unknown };
    assert.deepEqual([reply.status, body.error], [422, error]);
    assert.ok(Array.isArray(body.detail));
  });
}

test("/v2 answers 404 for another model, in the protocol's form too", async () => {
  const reply = await infer({ inputs: [flipper] }, server, "other");
  assert.equal(reply.status, 404);
  const text = 'The only model here is "penguins"';
  assert.deepEqual(await reply.json(), { detail: text, error: text });
});
