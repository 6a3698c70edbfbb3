import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { trainModel } from "../../../magics/model/train-model.ts";
import { buildModelApp } from "../../../magics/services/build-model-app.ts";
import { buildBundle, findBundle } from "../../../magics/services/bundled-program.ts";
import { modelAppService } from "../../../magics/services/model-app.ts";
import { modelAppProgram } from "../../../magics/services/model-app-program.ts";
import type { RunningService } from "../../../magics/services/service.ts";
import { commandOf, descendants } from "../../support/process-facts.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { savedPenguins } from "../app/small-model.ts";

const context = { signal: AbortSignal.timeout(120_000), onProgress: () => {} };
const cacheVariable = "COLABCODE_CACHE";
const usual = process.env[cacheVariable];
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

before(async () => {
  folder = await temporaryFolder();
  process.env[cacheVariable] = folder.path;
});

after(async () => {
  if (usual === undefined) delete process.env[cacheVariable];
  else process.env[cacheVariable] = usual;
  await folder[Symbol.asyncDispose]();
});

const rows = Array.from({ length: 40 }, (_, index) => ({
  length: index + 0.5,
  kind: index < 20 ? "small" : "large",
}));

async function ask(running: RunningService, path: string, init: RequestInit = {}) {
  const reply = await fetch(running.url + path, init);
  return { status: reply.status, text: await reply.text() };
}

function post(body: string, type = "application/json"): RequestInit {
  return { method: "POST", headers: { "content-type": type }, body };
}

test("findBundle() finds nothing before a bundle was built", () => {
  assert.equal(findBundle(modelAppProgram), undefined);
});

test("buildBundle() leaves nothing behind where the program fails its rehearsal", async () => {
  const failing = buildBundle(modelAppProgram, [], async (starter) => {
    assert.ok(existsSync(starter));
    throw new Error("it does not start");
  });
  await assert.rejects(failing, /it does not start/);
  assert.deepEqual(await readdir(join(folder.path, "programs")), []);
  assert.equal(findBundle(modelAppProgram), undefined);
});

test("a model app that starts from its bundle serves all that it serves without", async () => {
  await buildModelApp(context.signal);
  const starter = findBundle(modelAppProgram);
  assert.ok(starter !== undefined);
  const model = await trainModel(rows, { target: "kind" });
  await using running = await modelAppService(model.toJSON()).start(0, context);
  assert.ok(commandOf(running.pid).includes(starter), commandOf(running.pid));
  assert.deepEqual(await ask(running, "/predict", post('{"length":3}')), {
    status: 200,
    text: '{"prediction":"small","probability":1}',
  });
  assert.equal((await ask(running, "/predict", post('{"length":"3"}'))).status, 422);
  const csv = await ask(running, "/predict", post("length\n3\n33\n", "text/csv"));
  assert.deepEqual(JSON.parse(csv.text), [
    { prediction: "small", probability: 1 },
    { prediction: "large", probability: 1 },
  ]);
  const pages = { "/": "<!doctype html>", "/docs": "swagger-ui", "/openapi.json": '"3.1.0"' };
  for (const [path, part] of Object.entries({ ...pages, "/docs/swagger-ui.css": ".swagger-ui" })) {
    const { status, text } = await ask(running, path);
    assert.equal(status, 200, path);
    assert.ok(text.toLowerCase().includes(part), path);
  }
  assert.deepEqual(running.log(), []);
});

test("a model app that starts from its bundle loads a model of another make", async () => {
  const loader = new URL("../app/small-model.js", import.meta.url).href;
  await using running = await modelAppService(savedPenguins(), { loader }).start(0, context);
  const row = '{"flipper":181,"bill":39.1,"island":"Torgersen"}';
  assert.deepEqual(await ask(running, "/predict", post(row)), {
    status: 200,
    text: '{"prediction":"Adelie","probability":0.97}',
  });
});

test("the workers of a model app start from its bundle", async () => {
  const starter = findBundle(modelAppProgram) ?? "none";
  const model = await trainModel(rows, { target: "kind" });
  await using running = await modelAppService(model.toJSON(), { workers: 2 }).start(0, context);
  const commands = descendants(running.pid).map(commandOf);
  assert.equal(commands.filter((command) => command.includes(starter)).length, 2, `${commands}`);
  assert.equal((await ask(running, "/predict", post('{"length":30}'))).status, 200);
});

test("findBundle() finds no bundle one of whose inputs has changed since", async () => {
  const programs = join(folder.path, "programs");
  const name = (await readdir(programs)).find((file) => /^\w+\.json$/.test(file)) ?? "";
  const text = await readFile(join(programs, name), "utf8");
  await writeFile(join(programs, name), text.replace(/model-app\.js","\d/, 'model-app.js","0'));
  assert.equal(findBundle(modelAppProgram), undefined);
  await writeFile(join(programs, name), text);
  assert.ok(findBundle(modelAppProgram) !== undefined);
});
