import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { request as startRequest } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { createModelApp, type ModelApiOptions } from "../../../magics/app/model-app.ts";
import { RateLimiter } from "../../../magics/app/rate-limit.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { type Serving, serve } from "./serve.ts";
import { createModel, penguinSchema, savedPenguins } from "./small-model.ts";

async function servePenguins(options: ModelApiOptions): Promise<Serving> {
  const model = createModelApp(createModel(savedPenguins()), options);
  const server = await serve(model.app);
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      model[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

function predict(url: string, headers: Record<string, string> = {}, query = ""): Promise<Response> {
  return fetch(`${url}/predict${query}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(penguinSchema.example),
  });
}

test("a model app with --cors answers the preflight of an allowed origin only", async () => {
  await using server = await servePenguins({ cors: "https://a.example, https://b.example" });
  const preflight = (origin: string) =>
    fetch(`${server.url}/predict`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-api-key",
      },
    });
  const allowed = await preflight("https://b.example");
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get("access-control-allow-origin"), "https://b.example");
  assert.equal(allowed.headers.get("access-control-allow-headers"), "content-type,x-api-key");
  assert.match(allowed.headers.get("access-control-allow-methods") ?? "", /POST/);
  assert.equal(allowed.headers.get("vary"), "Origin");
  const other = await preflight("https://c.example");
  assert.equal(other.headers.get("access-control-allow-origin"), null);
  const reply = await predict(server.url, { origin: "https://a.example" });
  assert.equal(reply.headers.get("access-control-allow-origin"), "https://a.example");
});

test("a model app with --cors lets pages read its refusals too", async () => {
  await using server = await servePenguins({ cors: "*", apiKey: "k" });
  const reply = await predict(server.url, { origin: "https://a.example" });
  assert.equal(reply.status, 401);
  assert.equal(reply.headers.get("access-control-allow-origin"), "*");
});

test("createModelApp() refuses what is no origin", () => {
  assert.throws(() => createModelApp(createModel(savedPenguins()), { cors: "a.example" }), {
    code: "USAGE",
    message: '--cors "a.example" is not an origin.',
  });
});

test("RateLimiter gives each client its share, and more as time passes", () => {
  let now = 0;
  const limiter = new RateLimiter(2, () => now);
  assert.deepEqual(
    [limiter.take("a"), limiter.take("a"), limiter.take("a"), limiter.take("b")],
    [0, 0, 30, 0],
  );
  now = 15_000;
  assert.equal(limiter.take("a"), 15);
  now = 30_000;
  assert.deepEqual([limiter.take("a"), limiter.take("a")], [0, 30]);
});

test("a model app with --rate-limit answers 429 by client, and health always", async () => {
  await using server = await servePenguins({ ratePerMinute: 2 });
  const ask = (forwarded: string) => predict(server.url, { "x-forwarded-for": forwarded });
  assert.equal((await ask("1.1.1.1")).status, 200);
  // What a caller puts before the proxy's own entry does not make it another client.
  assert.equal((await ask("9.9.9.9, 1.1.1.1")).status, 200);
  const refused = await ask("1.1.1.1");
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "30");
  assert.deepEqual(await refused.json(), { detail: "Too many requests" });
  assert.equal((await ask("2.2.2.2")).status, 200);
  for (let count = 0; count < 4; count++) {
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  }
});

test("a model app with --max-concurrency answers 503 while others are under way", async () => {
  await using server = await servePenguins({ maxConcurrency: 1 });
  const slow = startRequest(`${server.url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
  });
  slow.write(" ");
  let refused = await predict(server.url);
  await waitUntil("the slow request is under way", async () => {
    if (refused.status !== 503) refused = await predict(server.url);
    return refused.status === 503;
  });
  assert.equal(refused.headers.get("retry-after"), "1");
  assert.deepEqual(await refused.json(), { detail: "Too busy" });
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  slow.end(JSON.stringify(penguinSchema.example));
  const [reply] = await once(slow, "response");
  assert.equal(reply.statusCode, 200);
  reply.resume();
  await once(reply, "end");
  await waitUntil("another is let in", async () => (await predict(server.url)).status === 200);
});

test("a model app documents 429 and 503 where it may answer them", () => {
  const model = createModelApp(createModel(savedPenguins()), {
    ratePerMinute: 60,
    maxConcurrency: 8,
  });
  model[Symbol.dispose]();
  const { paths } = model.app.describe();
  const { responses } = paths["/predict"]?.["post"] as { responses: Record<string, unknown> };
  assert.deepEqual(Object.keys(responses), ["200", "400", "413", "415", "422", "429", "503"]);
  assert.deepEqual(responses["429"], {
    description: "More than 60 requests a minute",
    content: { "application/json": { schema: { $ref: "#/components/schemas/HTTPError" } } },
    headers: {
      "Retry-After": {
        description: "Seconds after which to ask again",
        schema: { type: "integer", minimum: 0 },
      },
    },
  });
});

test("a model app with --record keeps requests as JSON lines, and no secrets", async () => {
  await using folder = await temporaryFolder();
  const record = join(folder.path, "requests.jsonl");
  await using server = await servePenguins({ record, auth: "ana:s3cret", apiKey: "k-123" });
  const secrets = {
    authorization: `Basic ${Buffer.from("ana:s3cret").toString("base64")}`,
    "x-api-key": "k-123",
  };
  await (await predict(server.url, secrets, "?proba=1&token=k-456")).text();
  await (
    await fetch(`${server.url}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json", ...secrets },
      body: "{",
    })
  ).text();
  const read = async () => (await readFile(record, "utf8").catch(() => "")).trim();
  await waitUntil("both are written", async () => (await read()).split("\n").length === 2);
  const text = await read();
  assert.doesNotMatch(text, /k-123|k-456|s3cret|Basic/);
  const lines = text.split("\n").map((line) => {
    const { time, ms, ...rest } = JSON.parse(line) as Record<string, unknown>;
    assert.match(String(time), /^\d{4}-\d\d-\d\dT/);
    assert.equal(typeof ms, "number");
    return rest;
  });
  const asked = { method: "POST", path: "/predict", type: "application/json" };
  assert.deepEqual(lines, [
    { ...asked, query: { proba: "1" }, status: 200, body: penguinSchema.example },
    { ...asked, status: 422, body: "{" },
  ]);
  assert.equal((await stat(record)).mode & 0o777, 0o600);
});

test("a model app with --examples none shows no real row anywhere", async () => {
  await using server = await servePenguins({ examples: "none" });
  const pages = ["/", "/openapi.json", "/docs", "/v2/models/penguins"];
  for (const page of pages) {
    const text = await (await fetch(server.url + page)).text();
    assert.doesNotMatch(text, /39\.1|A real row|"flipper":181/, page);
  }
  const document = JSON.parse(await (await fetch(`${server.url}/openapi.json`)).text());
  const { content } = document.paths["/predict"].post.requestBody;
  assert.deepEqual(content["application/json"].example, {
    flipper: 197,
    bill: 44.45,
    island: "Biscoe",
  });
  assert.equal(content["text/csv"].example, "flipper,bill,island\n197,44.45,Biscoe\n");
});
