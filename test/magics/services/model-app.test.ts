import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { type ModelAppOptions, modelAppService } from "../../../magics/services/model-app.ts";
import { serviceContract } from "../../contracts/service-contract.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { penguinSchema, savedPenguins } from "../app/small-model.ts";

const loader = new URL("../app/small-model.js", import.meta.url).href;
const context = { signal: new AbortController().signal, onProgress: () => {} };

function penguins(options: ModelAppOptions = {}, tree: Record<string, unknown> = {}) {
  return modelAppService(savedPenguins(tree), { loader, ...options });
}

async function predict(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(penguinSchema.example),
  });
}

async function isListening(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
}

serviceContract("a model app", () => penguins());
serviceContract("a model app of 2 workers", () => penguins({ workers: 2 }));

test("modelAppService() serves from another process", async () => {
  await using running = await penguins().start(0, context);
  assert.notEqual(running.pid, process.pid);
  assert.equal(running.summary, "model app · species from 3 features");
  assert.equal(running.runsCode, false);
  assert.equal(running.isProtected, false);
  assert.deepEqual(await (await predict(running.url)).json(), {
    prediction: "Adelie",
    probability: 0.97,
  });
});

test("a model app ends with its process gone", async () => {
  const running = await penguins().start(0, context);
  await running[Symbol.asyncDispose]();
  assert.throws(() => process.kill(running.pid, 0), { code: "ESRCH" });
});

test("a model that cannot be loaded is an error with its reason", async () => {
  await assert.rejects(penguins({}, { broken: true }).start(0, context), {
    code: "SERVICE_FAILED",
    message: "The model cannot be served: tree 0 is not a tree",
  });
});

for (const workers of [1, 2]) {
  test(`replace() with ${workers} workers fails no request and from then on only the new model answers`, async () => {
    const first = penguins({ workers }, { always: "Adelie" });
    const second = penguins({ workers }, { always: "Gentoo" });
    const third = penguins({ workers }, { broken: true });
    await using running = await first.start(0, context);
    assert.ok(second.canReplace?.(running));
    let isReplaced = false;
    let isDone = false;
    const labels = new Set<string>();
    const load = Array.from({ length: 8 }, async () => {
      while (!isDone) {
        const isAfter = isReplaced;
        const response = await predict(running.url);
        assert.equal(response.status, 200);
        const { prediction } = (await response.json()) as { prediction: string };
        labels.add(prediction);
        if (isAfter) assert.equal(prediction, "Gentoo");
      }
    });
    const replaced = await second.replace?.(running, context);
    isReplaced = true;
    assert.equal(replaced?.port, running.port);
    assert.equal(replaced?.pid, running.pid);
    await assert.rejects(async () => third.replace?.(running, context), {
      code: "SERVICE_FAILED",
      message: "The new model cannot be served: tree 0 is not a tree",
    });
    assert.equal((await predict(running.url)).status, 200);
    isDone = true;
    await Promise.all(load);
    assert.ok(labels.has("Gentoo"));
  });
}

test("canReplace() refuses a service with another number of workers", async () => {
  await using running = await penguins().start(0, context);
  assert.equal(penguins({ workers: 2 }).canReplace?.(running), false);
});

test("a model app that is killed says how it ended", async () => {
  await using running = await penguins().start(0, context);
  process.kill(running.pid, "SIGKILL");
  assert.deepEqual(await running.ended, { asked: false, reason: "was ended by SIGKILL" });
});

test("a model app with auth answers nobody without it, but health and the marker", async () => {
  await using running = await penguins({ auth: "ana:s3cret" }).start(0, context);
  assert.equal(running.isProtected, true);
  const refused = await predict(running.url);
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get("www-authenticate"), 'Basic realm="colabcode", charset="UTF-8"');
  assert.deepEqual(await refused.json(), { detail: "Not authenticated" });
  const authorization = `Basic ${Buffer.from("ana:s3cret").toString("base64")}`;
  assert.equal((await predict(running.url, { authorization })).status, 200);
  const wrong = `Basic ${Buffer.from("ana:guess").toString("base64")}`;
  assert.equal((await predict(running.url, { authorization: wrong })).status, 401);
  assert.equal((await fetch(`${running.url}/docs`)).status, 401);
  assert.equal((await fetch(`${running.url}/healthz`)).status, 200);
  assert.equal((await fetch(running.url + running.probePath)).status, 200);
});

test("a model app with an API key shows its pages and predicts only with the key", async () => {
  await using running = await penguins({ apiKey: "k-123" }).start(0, context);
  assert.equal((await predict(running.url)).status, 401);
  assert.equal((await predict(running.url, { "x-api-key": "k-124" })).status, 403);
  assert.equal((await predict(running.url, { "x-api-key": "k-123" })).status, 200);
  assert.equal((await fetch(`${running.url}/docs`)).status, 200);
});

const owner = `
  import { modelAppService } from ${JSON.stringify(new URL("../../../magics/services/model-app.js", import.meta.url).href)};
  import { savedPenguins } from ${JSON.stringify(loader)};
  const workers = Number(process.argv[1]);
  const service = modelAppService(savedPenguins(), { loader: ${JSON.stringify(loader)}, workers });
  const context = { signal: new AbortController().signal, onProgress() {} };
  console.log((await service.start(0, context)).port);
`;

for (const workers of [1, 2]) {
  test(`a model app of ${workers} workers is gone when its owner is killed`, async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", owner, String(workers)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    const port = Number(chunk);
    assert.equal(await isListening(port), true);
    child.kill("SIGKILL");
    await waitUntil("the port is free", async () => !(await isListening(port)), 3000);
  });
}

test("GET /metrics of several workers is their sum", async () => {
  await using running = await penguins({ workers: 2 }).start(0, context);
  for (let count = 0; count < 6; count++) {
    // Workers take connections in turn.
    await (await predict(running.url, { connection: "close" })).text();
  }
  const line = 'http_requests_total{route="POST /predict",code="200"} ';
  const count = async () => {
    const reply = await fetch(`${running.url}/metrics`, { headers: { connection: "close" } });
    const lines = (await reply.text()).split("\n").filter((text) => text.startsWith(line));
    assert.equal(lines.length, 1);
    return Number(lines[0]?.slice(line.length));
  };
  await waitUntil("all are counted", async () => (await count()) === 6);
  assert.equal(await count(), 6);
});

test("a rate limit is one for all workers", async () => {
  await using running = await penguins({ workers: 2, ratePerMinute: 3 }).start(0, context);
  const statuses: number[] = [];
  for (let count = 0; count < 5; count++) {
    const reply = await predict(running.url, { connection: "close" });
    statuses.push(reply.status);
    await reply.text();
  }
  assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
});

test("a model app with a timeout answers 408 to a request that does not arrive in time", async () => {
  await using running = await penguins({ timeoutMs: 200 }).start(0, context);
  const socket = connect(running.port, "127.0.0.1");
  socket.write(
    "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
  );
  const [chunk] = (await once(socket, "data")) as [Buffer];
  assert.match(chunk.toString(), /^HTTP\/1\.1 408 /);
  socket.destroy();
});

test("a model app that cannot record or has a wrong origin says so before it starts", async () => {
  await assert.rejects(penguins({ record: "/nowhere/r.jsonl" }).start(0, context), {
    code: "NO_SUCH_FILE",
    message: "Requests cannot be recorded in /nowhere/r.jsonl (ENOENT).",
  });
  assert.throws(() => penguins({ cors: "localhost" }), { code: "USAGE" });
});
