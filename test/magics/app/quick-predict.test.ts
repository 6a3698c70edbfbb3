import assert from "node:assert/strict";
import { test } from "node:test";
import { createModelApp } from "../../../magics/app/model-app.ts";
import { serve } from "./serve.ts";
import { createModel, savedPenguins } from "./small-model.ts";

const rounds = 1500;

/** Bodies that are as they should be, and such with a few bytes changed. */
function makeBodies(random: () => number): string[] {
  const pick = (...values: readonly string[]) =>
    values[Math.floor(random() * values.length)] as string; // Never called without one.
  const number = () => String((random() * 400 - 100).toFixed(Math.floor(random() * 4)));
  const row = () => {
    const fields = [
      `"flipper":${pick(number(), number(), "206.5", "1e2")}`,
      pick(`"bill": ${number()}`, '"bill":null', '"bill":43.2', ""),
      `"island":"${pick("Dream", "Biscoe", "Torgersen", "Drëam")}"`,
    ];
    if (random() < 0.3) fields.reverse();
    return `{${fields.filter((field) => field !== "").join(pick(",", ", "))}}`;
  };
  const mutate = (text: string) => {
    const at = Math.floor(random() * text.length);
    const piece = pick(
      "",
      "",
      "0",
      "9",
      ".",
      "-",
      "e",
      '"',
      ",",
      ":",
      "{",
      "}",
      "[",
      "]",
      " ",
      "\\",
      "null",
      "\u0001",
      "é",
    );
    return text.slice(0, at) + piece + text.slice(at + pick("", "a").length);
  };
  return Array.from({ length: rounds }, () => {
    let body = pick(row(), `[${row()}]`, `[${row()},${row()} , ${row()}]`);
    for (let left = Math.floor(random() * 3); left > 0; left--) body = mutate(body);
    return body;
  });
}

test("POST /predict gives the same reply whether rows are read quickly or checked by the schema", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()));
  using _ = metrics;
  await using server = await serve(app);
  const ask = async (path: string, body: string) => {
    const headers = { "content-type": "application/json" };
    const reply = await fetch(server.url + path, { method: "POST", headers, body });
    return {
      status: reply.status,
      type: reply.headers.get("content-type"),
      text: await reply.text(),
    };
  };
  let state = Date.now() % 2147483647;
  const seed = state;
  const bodies = makeBodies(() => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  });
  const statuses = new Map<number, number>();
  for (const body of bodies) {
    // A query takes the way of the schema.
    const [quick, checked] = await Promise.all([
      ask("/predict", body),
      ask("/predict?explain=0", body),
    ]);
    assert.deepEqual(quick, checked, `${body} (seed ${seed})`);
    statuses.set(quick.status, (statuses.get(quick.status) ?? 0) + 1);
  }
  assert.deepEqual([...statuses.keys()].sort(), [200, 422]);
  for (const count of statuses.values()) assert.ok(count > rounds / 10, `${[...statuses]}`);
});

test("POST /predict counts quickly read rows by class once their body is known to be good", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()));
  using _ = metrics;
  await using server = await serve(app);
  const row = { flipper: 181, bill: 39.1, island: "Torgersen" };
  const post = async (body: unknown) => {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return (await fetch(`${server.url}/predict`, init)).status;
  };
  assert.equal(await post([row, row, { ...row, flipper: 230 }]), 200);
  assert.equal(await post([row, row, { ...row, flipper: "230" }]), 422);
  assert.deepEqual(metrics.snapshot().predictions, [
    ["Adelie", 2],
    ["Gentoo", 1],
  ]);
});

test("POST /predict refuses more rows than a batch may have, though each is good", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()));
  using _ = metrics;
  await using server = await serve(app);
  const row = '{"flipper":181,"bill":39.1,"island":"Dream"}';
  const post = (count: number) =>
    fetch(`${server.url}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `[${Array.from({ length: count }, () => row).join(",")}]`,
    });
  assert.equal((await post(10_000)).status, 200);
  const refused = await post(10_001);
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /"too_long".*at most 10000 items/);
});
