import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { shopApp } from "../../fixtures/shop-app.ts";
import { type Serving, serve } from "./serve.ts";

let server: Serving;

before(async () => {
  server = await serve(shopApp());
});

after(() => server[Symbol.asyncDispose]());

function post(path: string, body: unknown): Promise<Response> {
  return fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function errorsOf(reply: Response): Promise<unknown[]> {
  assert.equal(reply.status, 422);
  const { detail } = (await reply.json()) as { detail: { type: string; loc: unknown[] }[] };
  return detail.map(({ type, loc }) => [type, loc]);
}

const items = [{ name: "tea", price: 3 }];

test("a discriminated union is checked by the member that the body names", async () => {
  const good = await post("/orders", { items, way: { kind: "pickup", shop: 3 } });
  assert.equal(good.status, 201);
  const stored = { id: 1, items, way: { kind: "pickup", shop: 3 } };
  assert.deepEqual(await good.json(), stored);
  assert.deepEqual(await (await fetch(`${server.url}/orders/1`)).json(), stored);
  assert.deepEqual(await errorsOf(await post("/orders", { items, way: { kind: "delivery" } })), [
    ["missing", ["body", "way", "street"]],
  ]);
  assert.deepEqual(await errorsOf(await post("/orders", { items, way: { kind: "drone" } })), [
    ["union_tag_invalid", ["body", "way", "kind"]],
  ]);
  assert.deepEqual(await errorsOf(await post("/orders", { items, way: {} })), [
    ["missing", ["body", "way", "kind"]],
  ]);
});

test("a recursive schema is checked at every level", async () => {
  const leaf = { name: "leaf", children: [] };
  const tree = { name: "root", children: [leaf, { name: "branch", children: [leaf] }] };
  assert.deepEqual(await (await post("/depth", tree)).json(), { depth: 3 });
  const wrong = { name: "root", children: [{ name: "branch", children: [{ children: [] }] }] };
  assert.deepEqual(await errorsOf(await post("/depth", wrong)), [
    ["missing", ["body", "children", 0, "children", 0, "name"]],
  ]);
});

test("queries and headers are read as what their schemas say", async () => {
  const url = `${server.url}/search?words=a&words=b&limit=5`;
  const reply = await fetch(url, { headers: { "x-trace": "t-1" } });
  assert.deepEqual(await reply.json(), { words: ["a", "b"], limit: 5, trace: "t-1" });
  const single = await fetch(`${server.url}/search?words=a`);
  assert.deepEqual(await single.json(), { words: ["a"], limit: 10, trace: null });
  const wrong = await fetch(`${server.url}/search?limit=many&sort=size`, {
    headers: { "x-trace": "x".repeat(21) },
  });
  assert.deepEqual(await errorsOf(wrong), [
    ["float_type", ["query", "limit"]],
    ["enum", ["query", "sort"]],
    ["string_too_long", ["header", "x-trace"]],
  ]);
});

test("a file is checked by its schema and by the route's own limit", async () => {
  const send = (bytes: number, title = "cat") => {
    const form = new FormData();
    form.set("title", title);
    form.set("photo", new Blob(["x".repeat(bytes)]), "cat.png");
    return fetch(`${server.url}/photos`, { method: "POST", body: form });
  };
  assert.deepEqual(await (await send(5)).json(), { title: "cat", bytes: 5 });
  assert.deepEqual(await errorsOf(await send(2000)), [["file_too_large", ["body", "photo"]]]);
  assert.equal((await send(5000)).status, 413);
  const broken = await fetch(`${server.url}/photos`, {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=x" },
    body: "--y\r\n",
  });
  assert.deepEqual(await errorsOf(broken), [["form_invalid", ["body"]]]);
});

test("createApp() writes each schema once, and refers to it", () => {
  const { components, paths } = shopApp().describe();
  const { schemas } = components as { schemas: Record<string, object> };
  assert.deepEqual(Object.keys(schemas), [
    "Order",
    "Item",
    "StoredOrder",
    "GetSearchResponse",
    "Category",
    "PostDepthResponse",
    "PostPhotosRequest",
    "PostPhotosResponse",
    "HTTPError",
    "HTTPValidationError",
    "ValidationError",
  ]);
  assert.deepEqual(schemas["Category"], {
    type: "object",
    properties: {
      name: { type: "string" },
      children: { maxItems: 5, type: "array", items: { $ref: "#/components/schemas/Category" } },
    },
    required: ["name", "children"],
    additionalProperties: false,
  });
  const { responses } = paths["/steps"]?.["get"] as { responses: Record<string, object> };
  assert.deepEqual(Object.keys((responses["200"] as { content: object }).content), [
    "text/event-stream",
  ]);
});
