import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import WebSocket, { WebSocketServer } from "ws";
import { createApp } from "../../../magics/app/create-app.ts";
import { express } from "../../../magics/app/express.ts";
import { serviceFor } from "../../../magics/commands/app.ts";
import { inspectApp, userAppService } from "../../../magics/services/user-app.ts";
import { serviceContract } from "../../contracts/service-contract.ts";
import { waitUntil } from "../../support/wait-until.ts";

const context = { signal: new AbortController().signal, onProgress: () => {} };
const start = (app: unknown, options = {}) => userAppService(app, options).start(0, context);

function expressApp(text: string) {
  const app = express();
  app.get("/", (_request, response) => {
    response.send(text);
  });
  return app;
}

const hello: RequestListener = (_request, response) => {
  response.end("hello");
};
const router = express.Router();
router.get("/", (_request, response) => {
  response.send("hello");
});

const servable: [name: string, app: unknown, kind: string][] = [
  ["an Express app", expressApp("hello"), "Express app"],
  ["an Express router", router, "Express router"],
  ["a request listener", hello, "request handler"],
  ["a fetch function", async (_request: Request) => new Response("hello"), "fetch handler"],
  ["an object with fetch", { fetch: () => new Response("hello") }, "fetch app"],
  ["an object with callback", { callback: () => hello }, "Koa app"],
  ["an object with handler", { handler: hello }, "request handler"],
  ["an http.Server", createHttpServer(hello), "http.Server"],
  ["a Fastify-like", { ready: async () => {}, server: createHttpServer(hello) }, "Fastify app"],
];

serviceContract("a user's app", () => userAppService(expressApp("hello")));

for (const [name, app, kind] of servable) {
  test(`userAppService() serves ${name} in this process`, async () => {
    await using running = await start(app);
    assert.equal(running.pid, process.pid);
    assert.equal(running.summary, kind);
    assert.equal(await (await fetch(running.url)).text(), "hello");
    const probe = await fetch(running.url + running.probePath);
    assert.deepEqual([probe.status, await probe.text()], [200, running.marker]);
  });
}

const unservable: [app: unknown, message: string][] = [
  [undefined, "undefined cannot be served."],
  ["app", "a string cannot be served."],
  [3, "a number cannot be served."],
  [{}, "an object of Object cannot be served."],
  [new Map(), "an object of Map cannot be served."],
];

for (const [app, message] of unservable) {
  test(`userAppService() refuses: ${message}`, async () => {
    await assert.rejects(start(app), { code: "BAD_APP", message });
  });
}

test("replace() puts another app behind the same port while requests run", async () => {
  await using running = await start(expressApp("old"));
  let isDone = false;
  const load = Array.from({ length: 4 }, async () => {
    while (!isDone) assert.match(await (await fetch(running.url)).text(), /^(?:old|new)$/);
  });
  const service = userAppService(expressApp("new"));
  assert.equal(service.canReplace?.(running), true);
  const replaced = await service.replace?.(running, context);
  assert.equal(replaced?.port, running.port);
  assert.equal(replaced?.marker, running.marker);
  assert.equal(await (await fetch(running.url)).text(), "new");
  await assert.rejects(async () => userAppService("no app").replace?.(running, context), {
    code: "BAD_APP",
  });
  assert.equal(await (await fetch(running.url)).text(), "new");
  isDone = true;
  await Promise.all(load);
});

test("a user's Express app that fails shows no stack to the caller, and all of it in the log", async (t) => {
  const printed = t.mock.method(console, "error", () => {});
  const app = express();
  app.get("/", () => {
    throw new Error("the password is hunter2");
  });
  await using running = await start(app);
  const reply = await fetch(running.url);
  assert.equal(reply.status, 500);
  assert.match(await reply.text(), /<pre>Internal Server Error<\/pre>/);
  assert.equal(running.log()[0], "Error: the password is hunter2");
  assert.equal(printed.mock.callCount(), 1);
  const missing = await fetch(`${running.url}/<b>`);
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /<pre>Cannot GET \/%3Cb%3E<\/pre>/);
});

test("a handler that throws or rejects gives 500 and takes nothing down", async (t) => {
  t.mock.method(console, "error", () => {});
  const app = async (_request: unknown, _response: unknown) => {
    throw new Error("no");
  };
  await using running = await start(app);
  assert.equal((await fetch(running.url)).status, 500);
  assert.equal((await fetch(running.url)).status, 500);
  assert.deepEqual(running.stats(), { requests: 2, errors: 2 });
});

test("ending lets a request finish within its grace, then cuts the rest", async () => {
  const app: RequestListener = (_request, response) => {
    response.write("first"); // And never an end.
  };
  const running = await start(app, { graceMs: 100 });
  const reply = await fetch(running.url);
  const idle = connect(running.port, "127.0.0.1");
  await once(idle, "connect");
  const idleEnd = once(idle, "close");
  await running[Symbol.asyncDispose]();
  assert.deepEqual(await running.ended, { asked: true, reason: "ended" });
  await assert.rejects(reply.text());
  await idleEnd;
  await using again = await userAppService(hello).start(running.port, context);
  assert.equal(again.port, running.port);
});

test("an http.Server's WebSockets work and are cut at the end", async () => {
  const server = createHttpServer(hello);
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => socket.send("welcome"));
  const running = await start(server);
  const client = new WebSocket(running.url.replace("http", "ws"));
  const [message] = (await once(client, "message")) as [Buffer];
  assert.equal(String(message), "welcome");
  const closed = once(client, "close");
  await running[Symbol.asyncDispose]();
  await closed;
});

test("auth is asked for in front of any app", async () => {
  await using running = await start(expressApp("hello"), { auth: "ana:s3cret" });
  assert.equal(running.isProtected, true);
  assert.equal((await fetch(running.url)).status, 401);
  const authorization = `Basic ${Buffer.from("ana:s3cret").toString("base64")}`;
  assert.equal((await fetch(running.url, { headers: { authorization } })).status, 200);
  assert.equal((await fetch(running.url + running.probePath)).status, 200);
});

test("inspectApp() links to the documentation of a typed app", () => {
  assert.deepEqual(inspectApp(createApp({ title: "Shop", version: "1" })), {
    title: "Shop",
    links: [
      { label: "docs", path: "/docs" },
      { label: "app", path: "/" },
    ],
  });
  assert.deepEqual(inspectApp(express()), {
    title: undefined,
    links: [{ label: "app", path: "/" }],
  });
});

test("a user's app is kept to origins, a rate and a number of requests at a time", async () => {
  const endless = new EventEmitter();
  const app: RequestListener = (request, response) => {
    if (request.url === "/slow") endless.once("end", () => response.end("slow"));
    else response.end("hello");
  };
  const options = { cors: "https://a.example", ratePerMinute: 3, maxConcurrency: 1 };
  await using running = await start(app, options);
  const headers = { origin: "https://a.example" };
  const first = await fetch(running.url, { headers });
  assert.equal(first.headers.get("access-control-allow-origin"), "https://a.example");
  const slow = fetch(`${running.url}/slow`);
  await waitUntil("the slow request is under way", () => endless.listenerCount("end") === 1);
  const busy = await fetch(running.url, { headers });
  assert.deepEqual([busy.status, busy.headers.get("retry-after")], [503, "1"]);
  endless.emit("end");
  assert.equal(await (await slow).text(), "slow");
  const often = await fetch(running.url, { headers });
  assert.deepEqual([often.status, often.headers.get("retry-after")], [429, "20"]);
  assert.equal(often.headers.get("access-control-allow-origin"), "https://a.example");
});

test("serviceFor() refuses for a user's app what protects a model only", async () => {
  await assert.rejects(serviceFor(hello, { apiKey: "k" }), {
    code: "USAGE",
    message: "--api-key is for a model, and this is an app of your own.",
  });
  await assert.rejects(serviceFor(hello, { record: "r.jsonl" }), { code: "USAGE" });
  assert.equal((await serviceFor(hello, { workers: 1, examples: "real" })).kind, "app");
});
