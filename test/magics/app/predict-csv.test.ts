import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createModelApp } from "../../../magics/app/model-app.ts";
import { type Serving, serve } from "./serve.ts";
import { createModel, penguinSchema, savedPenguins } from "./small-model.ts";

let server: Serving;

before(async () => {
  const model = createModelApp(createModel(savedPenguins()));
  model[Symbol.dispose]();
  server = await serve(model.app);
});

after(() => server[Symbol.asyncDispose]());

function post(body: string, headers: Record<string, string> = {}, query = ""): Promise<Response> {
  return fetch(`${server.url}/predict${query}`, {
    method: "POST",
    headers: { "content-type": "text/csv", ...headers },
    body,
  });
}

const table = 'island,"bill",flipper\r\nTorgersen,39.1,181\r\n\r\nBiscoe,,"210"\r\n';

test("POST /predict takes CSV with its columns in any order", async () => {
  const expected = [
    { prediction: "Adelie", probability: 0.97 },
    { prediction: "Gentoo", probability: 0.95 },
  ];
  assert.deepEqual(await (await post(table)).json(), expected);
  assert.deepEqual(await (await post(`\ufeff${table}`)).json(), expected);
  const withoutOptional = "flipper,island\n181,Biscoe\n";
  const type = { "content-type": "text/csv; charset=utf-8" };
  assert.deepEqual(await (await post(withoutOptional, type)).json(), [
    { prediction: "Chinstrap", probability: 0.9 },
  ]);
});

test("POST /predict answers in CSV where it is asked for", async () => {
  const accept = { accept: "text/csv" };
  const reply = await post(table, accept, "?proba=1&explain=1");
  assert.equal(reply.headers.get("content-type"), "text/csv; charset=utf-8");
  assert.equal(
    await reply.text(),
    [
      "prediction,probability,probability_Adelie,probability_Chinstrap,probability_Gentoo,path",
      "Adelie,0.97,0.97,0.03,0,flipper < 206.5; bill < 43.2",
      "Gentoo,0.95,0,0.05,0.95,flipper ≥ 206.5",
      "",
    ].join("\r\n"),
  );
  const json = { "content-type": "application/json", ...accept };
  const single = await post(JSON.stringify(penguinSchema.example), json);
  assert.equal(await single.text(), "prediction,probability\r\nAdelie,0.97\r\n");
  const both = await post(table, { accept: "application/json, text/csv;q=0.5" });
  assert.equal(both.headers.get("content-type"), "application/json");
});

const wrong: [name: string, body: string, type: string, loc: unknown[]][] = [
  ["a text for a number", "flipper,island\n1,Biscoe\nx,Biscoe\n", "float_type", [1, "flipper"]],
  ["a hexadecimal number", "flipper,island\n0x10,Biscoe\n", "float_type", [0, "flipper"]],
  ["a number that is too large", "flipper,island\n1e999,Biscoe\n", "finite_number", [0, "flipper"]],
  ["an unknown category", "flipper,island\n1,Mars\n", "enum", [0, "island"]],
  ["a missing value", "flipper,island\n,Biscoe\n", "float_type", [0, "flipper"]],
  ["a missing column", "flipper\n1\n", "missing", ["header", "island"]],
  ["an extra column", "flipper,island,mass\n1,Biscoe,2\n", "extra_forbidden", ["header", "mass"]],
  ["__proto__", "flipper,island,__proto__\n1,a,2\n", "extra_forbidden", ["header", "__proto__"]],
  ["a repeated column", "flipper,flipper,island\n", "duplicate_field", ["header", "flipper"]],
  ["a line that is too short", "flipper,island\n1\n", "csv_invalid", []],
  ["an open quote", 'flipper,island\n1,"Biscoe\n', "csv_invalid", []],
  ["a header only", "flipper,island\n", "csv_invalid", []],
  ["more than 10,000 rows", `flipper,island\n${"1,Dream\n".repeat(10_001)}`, "too_long", []],
];

for (const [name, body, type, loc] of wrong) {
  test(`POST /predict refuses CSV with ${name}: 422 ${type}`, async () => {
    const reply = await post(body);
    assert.equal(reply.status, 422);
    const { detail } = (await reply.json()) as { detail: { type: string; loc: unknown }[] };
    assert.deepEqual([detail[0]?.type, detail[0]?.loc], [type, ["body", ...loc]]);
  });
}

test("POST /predict names the line of broken CSV", async () => {
  const reply = await post("flipper,island\n1,Biscoe\n2\n");
  const { detail } = (await reply.json()) as { detail: { ctx: { error: string } }[] };
  assert.equal(detail[0]?.ctx.error, "Invalid Record Length: expect 2, got 1 on line 3");
});
