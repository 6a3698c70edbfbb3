import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { jupyterLabService } from "../../../magics/services/jupyterlab.ts";
import type { RunningService, StartContext } from "../../../magics/services/service.ts";
import { isListening, isRunning, parentOf, readProcess } from "../../support/process-facts.ts";
import { useTestEnvironment } from "../../support/test-environment.ts";
import { waitUntil } from "../../support/wait-until.ts";

let folder = "";
let service: RunningService;

function context(): StartContext {
  return { signal: new AbortController().signal, onProgress: () => {} };
}

function ask(to: RunningService, path: string, options: RequestInit = {}) {
  const headers = { authorization: `token ${to.secret?.value ?? ""}` };
  return fetch(`${to.url}${path}`, { ...options, headers });
}

/** fetch() would not send another Host. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asking.once("error", reject).end();
  });
}

/** Starts a Python kernel and gives the pid of its process. */
async function startKernel(on: RunningService): Promise<number> {
  const body = JSON.stringify({ name: "python3" });
  assert.equal((await ask(on, "/api/kernels", { method: "POST", body })).status, 201);
  return waitUntil("the kernel's process runs", () => childrenOf(on.pid)[0], 20_000);
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((child) => child > 0 && isRunning(child) && parentOf(child) === pid);
}

before(async () => {
  useTestEnvironment();
  folder = mkdtempSync(join(tmpdir(), "colabcode-test-"));
  service = await jupyterLabService({ folder }).start(0, context());
});

after(async () => {
  await service[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("JupyterLab answers with its marker before anybody has logged in", async () => {
  const page = await fetch(`${service.url}${service.probePath}`);
  assert.equal(page.status, 200);
  assert.equal(await page.text(), service.marker);
});

test("JupyterLab says that it runs code and asks for a token", async () => {
  assert.equal(service.runsCode, true);
  assert.equal(service.isProtected, true);
  assert.equal(service.secret?.label, "token");
  assert.match(service.secret?.value ?? "", /^[\w-]{24}$/);
  assert.equal((await fetch(`${service.url}/api/contents`)).status, 403);
  assert.equal((await ask(service, "/api/contents")).status, 200);
});

test("JupyterLab's token is in no command line and no log", () => {
  const token = service.secret?.value ?? "";
  assert.ok(!readProcess(service.pid).commandLine.includes(token));
  assert.ok(!service.log().join("\n").includes(token));
});

test("JupyterLab answers under the name a tunnel gives it, and asks for the token there too", async () => {
  const headers = { host: "abc.example.app" };
  const token = { authorization: `token ${service.secret?.value ?? ""}` };
  const url = `${service.url}/api/contents`;
  assert.equal(await statusOf(url, { ...headers, ...token }), 200);
  assert.equal(await statusOf(url, headers), 403);
});

test("JupyterLab offers the TypeScript kernel of this package", async () => {
  const response = await ask(service, "/api/kernelspecs");
  assert.match(await response.text(), /"display_name": ?"TypeScript \(ColabCode\)"/);
});

test("JupyterLab takes a token that is given, and does not show it", async () => {
  const other = await jupyterLabService({ folder, token: "given-by-the-user" }).start(0, context());
  assert.equal(other.secret, undefined);
  const headers = { authorization: "token given-by-the-user" };
  assert.equal((await fetch(`${other.url}/api/status`, { headers })).status, 200);
  const kernel = await waitUntil("it has a kernel", async () => {
    const body = JSON.stringify({ name: "python3" });
    await fetch(`${other.url}/api/kernels`, { method: "POST", headers, body });
    return childrenOf(other.pid)[0];
  });
  await other[Symbol.asyncDispose]();
  assert.deepEqual([other.pid, kernel].map(isRunning), [false, false]);
  assert.equal(await isListening(other.port), false);
});

test("a JupyterLab that is killed takes its kernels along", async () => {
  const kernel = await startKernel(service);
  process.kill(service.pid, "SIGKILL");
  assert.deepEqual(await service.ended, { asked: false, reason: "JupyterLab ended by SIGKILL" });
  assert.equal(isRunning(kernel), false);
});
