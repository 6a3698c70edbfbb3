import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { z } from "zod";
import { createApp } from "../../../magics/app/create-app.ts";
import { eventStream } from "../../../magics/app/event-stream.ts";
import {
  express,
  type NextFunction,
  type Request,
  type Response,
} from "../../../magics/app/express.ts";
import { HttpError } from "../../../magics/app/http-error.ts";
import { createModelApp } from "../../../magics/app/model-app.ts";
import { serve } from "./serve.ts";
import { createModel, savedPenguins } from "./small-model.ts";

const Item = z
  .object({ name: z.string().min(1), price: z.number().positive() })
  .meta({ id: "Item" });

function shop() {
  const app = createApp({ title: "Shop", version: "2", hasDocs: true });
  app.post(
    "/items",
    {
      body: Item,
      response: z.object({ id: z.int(), item: Item }),
      query: z.object({ dry: z.boolean().default(false) }),
      example: { name: "tea", price: 3 },
      status: 201,
      tags: ["items"],
    },
    ({ body, query }) => ({ id: query.dry ? 0 : 1, item: { ...body, name: body.name.trim() } }),
  );
  app.get(
    "/items/:id",
    { params: z.object({ id: z.int().max(9) }), errors: { 404: "No such item" } },
    ({ params }) => {
      if (params.id === 4) throw new HttpError(404, "No such item");
      return { id: params.id + 0 };
    },
  );
  app.get("/secret", {}, () => {
    throw new Error("the password is hunter2");
  });
  app.get("/wrong", { response: z.object({ count: z.int() }) }, () => ({ count: 0.5 }));
  app.get("/nothing", {}, () => undefined);
  app.get("/lines", {}, async function* () {
    yield { line: 1 };
    yield { line: 2 };
  });
  app.get("/plain", (_request, response) => {
    response.send("plain Express");
  });
  return app;
}

test("createApp() checks, types and answers a route", async () => {
  await using server = await serve(shop());
  const post = (body: unknown, query = "") =>
    fetch(`${server.url}/items${query}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const made = await post({ name: " tea ", price: 3 }, "?dry=true");
  assert.equal(made.status, 201);
  assert.deepEqual(await made.json(), { id: 0, item: { name: "tea", price: 3 } });
  const refused = await post({ name: "", price: -1 }, "?dry=perhaps");
  assert.equal(refused.status, 422);
  const { detail } = (await refused.json()) as { detail: { type: string; loc: unknown }[] };
  assert.deepEqual(
    detail.map(({ type, loc }) => [type, loc]),
    [
      ["bool_type", ["query", "dry"]],
      ["string_too_short", ["body", "name"]],
      ["greater_than", ["body", "price"]],
    ],
  );
  assert.deepEqual(await (await fetch(`${server.url}/items/3`)).json(), { id: 3 });
  assert.equal((await fetch(`${server.url}/items/x`)).status, 422);
  assert.equal((await fetch(`${server.url}/items/12`)).status, 422);
  const missing = await fetch(`${server.url}/items/4`);
  assert.equal(missing.status, 404);
  assert.deepEqual(await missing.json(), { detail: "No such item" });
  assert.equal((await fetch(`${server.url}/nothing`)).status, 204);
  assert.equal(await (await fetch(`${server.url}/plain`)).text(), "plain Express");
  assert.equal(await (await fetch(`${server.url}/lines`)).text(), '{"line":1}\n{"line":2}\n');
});

test("createApp() tells the caller of a failure only an id, and the hook the error", async () => {
  const seen: { message: string; id: string }[] = [];
  const app = createApp({
    title: "t",
    version: "1",
    onError: (error, { id }) => seen.push({ message: String(error), id }),
  });
  app.get("/throws", {}, () => {
    throw new Error("the password is hunter2");
  });
  app.get("/rejects", {}, () => Promise.reject(new Error("the password is hunter2")));
  app.get("/wrong", { response: z.object({ count: z.int() }) }, () => ({ count: 0.5 }));
  await using server = await serve(app);
  for (const path of ["/throws", "/rejects", "/wrong"]) {
    const reply = await fetch(server.url + path);
    assert.equal(reply.status, 500);
    const body = (await reply.json()) as { id: string };
    assert.deepEqual(body, { detail: "Internal Server Error", id: seen.at(-1)?.id });
  }
  assert.deepEqual(
    seen.map(({ message }) => message.split("\n")[0]),
    [
      "Error: the password is hunter2",
      "Error: the password is hunter2",
      "TypeError: The reply does not fit the route's response schema: ✖ Invalid input: expected int, received number",
    ],
  );
});

test("createApp() gives a valid OpenAPI 3.1 document", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()), {
    auth: "a:b",
    apiKey: "k",
  });
  metrics[Symbol.dispose]();
  for (const document of [shop().describe(), app.describe()]) {
    const result = await new Validator().validate(structuredClone(document));
    assert.deepEqual([result.valid, result.errors], [true, undefined]);
    assert.equal(document.openapi, "3.1.0");
  }
});

test("createApp() describes bodies, parameters, examples and errors", () => {
  const { paths, components } = shop().describe();
  assert.deepEqual(Object.keys(paths), [
    "/items",
    "/items/{id}",
    "/secret",
    "/wrong",
    "/nothing",
    "/lines",
  ]);
  const post = paths["/items"]?.["post"] as Record<string, unknown>;
  assert.deepEqual(post["requestBody"], {
    required: true,
    content: {
      "application/json": {
        schema: { $ref: "#/components/schemas/Item" },
        example: { name: "tea", price: 3 },
      },
    },
  });
  assert.deepEqual(post["parameters"], [
    { name: "dry", in: "query", required: false, schema: { default: false, type: "boolean" } },
  ]);
  assert.deepEqual(Object.keys(post["responses"] as object), ["201", "400", "413", "415", "422"]);
  const get = paths["/items/{id}"]?.["get"] as Record<string, unknown>;
  assert.deepEqual(Object.keys(get["responses"] as object), ["200", "404", "422"]);
  const { schemas } = components as { schemas: Record<string, unknown> };
  assert.deepEqual(schemas["Item"], {
    type: "object",
    properties: {
      name: { type: "string", minLength: 1 },
      price: { type: "number", exclusiveMinimum: 0 },
    },
    required: ["name", "price"],
  });
});

test("createApp() mounts on an Express app, and Express middleware and routers mount on it", async () => {
  const inner = shop();
  const router = express.Router();
  router.get("/ping", (_request, response) => {
    response.send("pong");
  });
  inner.use("/router", router);
  inner.use((_request: Request, response: Response, next: NextFunction) => {
    response.set("x-seen", "yes");
    next();
  });
  const outer = express();
  outer.use("/shop", inner);
  outer.get("/shop/after", (_request, response) => {
    response.send("after");
  });
  await using server = await serve(outer);
  assert.equal(await (await fetch(`${server.url}/shop/router/ping`)).text(), "pong");
  const after = await fetch(`${server.url}/shop/after`);
  assert.deepEqual([await after.text(), after.headers.get("x-seen")], ["after", "yes"]);
  assert.deepEqual(await (await fetch(`${server.url}/shop/items/3`)).json(), { id: 3 });
  assert.match(await (await fetch(`${server.url}/shop/docs/`)).text(), /<title>Shop<\/title>/);
  const failed = await fetch(`${server.url}/shop/items/4`);
  assert.deepEqual(await failed.json(), { detail: "No such item" });
});

test("createApp() sends server-sent events and ends their source when the caller leaves", async () => {
  const app = createApp({ title: "Events", version: "1" });
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  app.get("/few", {}, () =>
    eventStream(
      (async function* () {
        yield { data: { step: 1 } };
        yield { event: "end", id: "2", data: "done\nnow" };
      })(),
    ),
  );
  app.get("/endless", {}, () =>
    eventStream(
      (async function* () {
        try {
          for (;;) yield { data: "x".repeat(10_000) };
        } finally {
          leave();
        }
      })(),
    ),
  );
  await using server = await serve(app);
  const few = await fetch(`${server.url}/few`);
  assert.equal(few.headers.get("content-type"), "text/event-stream");
  assert.equal(await few.text(), 'data: {"step":1}\n\nid: 2\nevent: end\ndata: "done\\nnow"\n\n');
  const abort = new AbortController();
  const endless = await fetch(`${server.url}/endless`, { signal: abort.signal });
  await endless.body?.getReader().read();
  abort.abort();
  await left;
});

test("createApp() takes files and forms", async () => {
  const app = createApp({ title: "Files", version: "1" });
  app.post(
    "/upload",
    {
      body: z.object({ title: z.string(), photo: z.file() }),
      bodyType: "multipart/form-data",
      response: z.object({ title: z.string(), bytes: z.int() }),
    },
    ({ body }) => ({ title: body.title, bytes: body.photo.size }),
  );
  app.post(
    "/form",
    { body: z.object({ name: z.string() }), bodyType: "application/x-www-form-urlencoded" },
    ({ body }) => body,
  );
  await using server = await serve(app);
  const form = new FormData();
  form.set("title", "cat");
  form.set("photo", new Blob(["12345"]), "cat.png");
  const reply = await fetch(`${server.url}/upload`, { method: "POST", body: form });
  assert.deepEqual(await reply.json(), { title: "cat", bytes: 5 });
  const sent = await fetch(`${server.url}/form`, {
    method: "POST",
    body: new URLSearchParams({ name: "ana" }),
  });
  assert.deepEqual(await sent.json(), { name: "ana" });
});

test("createApp() leads requests through its gates before Express sees them", async () => {
  const seen: string[] = [];
  const app = createApp({
    title: "Gated",
    version: "1",
    onError: (error) => seen.push(String(error)),
    gates: [
      (request, _response, next) => {
        seen.push(`first ${request.url}`);
        next();
      },
      (request, response, next) => {
        if (request.url === "/broken") throw new Error("a gate fell");
        if (request.url === "/closed") response.writeHead(503).end();
        else next();
      },
    ],
  });
  app.get("/open", {}, () => ({ isOpen: true }));
  const outer = express().use("/inner", app);
  outer.get("/inner/missing", (_request: Request, response: Response) => {
    response.send("of the outer app");
  });
  await using server = await serve(outer);
  const ask = async (path: string) => {
    const reply = await fetch(`${server.url}/inner${path}`);
    return [reply.status, await reply.text()] as const;
  };
  assert.deepEqual(await ask("/open"), [200, '{"isOpen":true}']);
  assert.deepEqual(await ask("/closed"), [503, ""]);
  assert.deepEqual(await ask("/missing"), [200, "of the outer app"]);
  const [status, text] = await ask("/broken");
  assert.equal(status, 500);
  assert.match(text, /^\{"detail":"Internal Server Error","id":"[\w-]+"\}$/);
  assert.deepEqual(seen, [
    "first /open",
    "first /closed",
    "first /missing",
    "first /broken",
    "Error: a gate fell",
  ]);
});
