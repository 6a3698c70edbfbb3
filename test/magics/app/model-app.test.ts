import assert from "node:assert/strict";
import { test } from "node:test";
import { createModelApp } from "../../../magics/app/model-app.ts";
import { serve } from "./serve.ts";
import { createModel, penguinSchema, savedPenguins } from "./small-model.ts";

async function predict(url: string, query = "", body: unknown = penguinSchema.example) {
  const reply = await fetch(`${url}/predict${query}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return reply.json();
}

test("POST /predict adds shares with ?proba=1 and the path with ?explain=1", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()));
  using _ = metrics;
  await using server = await serve(app);
  const answer = { prediction: "Adelie", probability: 0.97 };
  assert.deepEqual(await predict(server.url), answer);
  assert.deepEqual(await predict(server.url, "?proba=1"), {
    ...answer,
    probabilities: { Adelie: 0.97, Chinstrap: 0.03, Gentoo: 0 },
  });
  assert.deepEqual(await predict(server.url, "?explain=1"), {
    ...answer,
    path: [
      { feature: "flipper", text: "flipper < 206.5", threshold: 206.5, value: 181, wentLeft: true },
      { feature: "bill", text: "bill < 43.2", threshold: 43.2, value: 39.1, wentLeft: true },
    ],
  });
});

test("GET /metrics counts requests by route and code, and predictions by class", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()));
  using _ = metrics;
  await using server = await serve(app);
  await predict(server.url, "", [penguinSchema.example, penguinSchema.example]);
  await predict(server.url, "", {});
  await (await fetch(`${server.url}/nowhere`)).text();
  const reply = await fetch(`${server.url}/metrics`);
  assert.equal(reply.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const lines = (await reply.text()).split("\n");
  for (const line of [
    'http_requests_total{route="POST /predict",code="200"} 1',
    'http_requests_total{route="POST /predict",code="422"} 1',
    'http_requests_total{route="other",code="404"} 1',
    'http_request_duration_seconds_count{route="POST /predict"} 2',
    'http_request_duration_seconds_bucket{route="POST /predict",le="+Inf"} 2',
    'model_predictions_total{class="Adelie"} 2',
  ]) {
    assert.ok(lines.includes(line), `${line} in\n${lines.join("\n")}`);
  }
  assert.deepEqual(metrics.totals, { requests: 4, errors: 0 });
});
