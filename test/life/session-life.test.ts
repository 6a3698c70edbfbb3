import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { KernelClient } from "../../kernel/client/kernel-client.ts";
import { fail, linkIn, run } from "../support/cell-outputs.ts";
import { startIngress } from "../support/ngrok-ingress.ts";
import { commandOf, descendants, isPortFree, isRunning } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel as start } from "../support/start-kernel.ts";
import { waitUntil } from "../support/wait-until.ts";

const train = '%colabcode train npm:vega-datasets/data/penguins.json --target Species\n"trained"';
const userApp = `const app = (request, response) => response.end("hello from the cell");
%colabcode app --port 0`;

/** A kernel in the folder of the notebooks, where nothing else says how to compile. */
function startKernel(options: Parameters<typeof start>[0] = {}): Promise<KernelClient> {
  return start({ folder: join(repositoryRoot, "notebooks"), ...options });
}

/** Everything that runs below the kernel, and the port; all of it has to go. */
interface Traces {
  readonly pids: number[];
  readonly port: number;
}

async function serveModel(kernel: KernelClient): Promise<Traces> {
  await run(kernel, train);
  const link = linkIn(await run(kernel, "%colabcode app --port 0", { cellId: "serve" }));
  assert.equal((await fetch(new URL("/healthz", link))).status, 200);
  return { pids: [kernel.pid, ...descendants(kernel.pid)], port: await portOf(kernel) };
}

/** The port of the only session, whatever link its card shows first. */
async function portOf(kernel: KernelClient): Promise<number> {
  const status = await run(kernel, "%colabcode status");
  const port = /live +cell \[\d+\] +\d+ +(\d+)/.exec(status)?.[1];
  assert.ok(port, status);
  return Number(port);
}

/** No process and no listener is left within 3 s; the first thread of a process may end before its sockets do. */
async function assertGone({ pids, port }: Traces, deadlineMs = 3_000): Promise<void> {
  const until = Date.now() + deadlineMs;
  await waitUntil(
    `the end of ${pids.filter(isRunning).map(commandOf).join("; ")}`,
    () => !pids.some(isRunning),
    deadlineMs,
  );
  await waitUntil(`port ${port} free`, () => isPortFree(port), until - Date.now());
}

test("a cell that serves an app is restarted on its port, and ends without the command", async () => {
  await using kernel = await startKernel();
  const link = linkIn(await run(kernel, userApp, { cellId: "a" }));
  assert.equal(await (await fetch(link)).text(), "hello from the cell");

  const changed = userApp.replace("hello", "bonjour");
  const again = linkIn(await run(kernel, changed, { cellId: "a" }));
  assert.equal(again.port, link.port);
  assert.equal(await (await fetch(link)).text(), "bonjour from the cell");

  await run(kernel, "1 + 1", { cellId: "b" });
  assert.equal((await fetch(link)).status, 200);

  await run(kernel, "1 + 1", { cellId: "a" });
  assert.equal(await isPortFree(Number(link.port)), true);
});

test("a deleted cell's session ends at the next execution", async () => {
  await using kernel = await startKernel();
  const link = linkIn(await run(kernel, userApp, { cellId: "a" }));
  await run(kernel, "1 + 1", { cellId: "b", deletedCells: ["a"] });
  assert.equal(await isPortFree(Number(link.port)), true);
});

test("%colabcode stop and status name the session", async () => {
  await using kernel = await startKernel();
  const link = linkIn(await run(kernel, userApp.replace("--port 0", "--port 0 --name mine")));
  assert.match(await run(kernel, "%colabcode status"), /mine +live/);
  assert.match((await fail(kernel, "%colabcode stop mien")).text, /Did you mean mine\?/);
  assert.equal(await run(kernel, "%colabcode stop mine"), "Stopped mine.\n");
  assert.equal(await isPortFree(Number(link.port)), true);
  assert.equal((await run(kernel, "%colabcode status")).trim(), "Nothing is running.");
});

test("a waiting cell is ended by an interrupt, other sessions and the kernel live", async () => {
  await using kernel = await startKernel();
  const other = linkIn(await run(kernel, userApp, { cellId: "a" }));
  let text = "";
  const waiting = kernel.execute(`%colabcode app --port 0 --wait`, {
    cellId: "b",
    onOutput: (output) => {
      text += JSON.stringify(output);
    },
  });
  const link = await waitUntil("the card", () => /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[0]);
  assert.equal((await fetch(link)).status, 200);
  await kernel.interrupt();
  const { reply } = await waiting;
  assert.equal(reply.status, "error");
  assert.equal(await isPortFree(Number(new URL(link).port)), true);
  assert.equal((await fetch(other)).status, 200);
  assert.match(await run(kernel, "1 + 1"), /2/);
});

test("a port held by somebody else is left alone and named", async () => {
  await using kernel = await startKernel();
  await using other = await startKernel();
  const link = linkIn(await run(other, userApp));
  const { text } = await fail(kernel, userApp.replace("--port 0", `--port ${link.port}`));
  assert.match(text, new RegExp(`Port ${link.port} is held by node \\(pid \\d+\\)`));
  assert.equal((await fetch(link)).status, 200);
});

test("shutdown leaves no process and no port", async () => {
  await using kernel = await startKernel();
  const traces = await serveModel(kernel);
  assert.ok(traces.pids.length >= 3, "kernel, runtime and model app are processes");
  await kernel.shutdown();
  await assertGone(traces);
});

test("a restart leaves no process and no port of the kernel before", async () => {
  await using kernel = await startKernel();
  const traces = await serveModel(kernel);
  // What a front end sends before it starts the kernel anew.
  const { content } = await kernel.request(
    "shutdown_request",
    { restart: true },
    { channel: "control" },
  );
  assert.deepEqual(content, { status: "ok", restart: true });
  await assertGone(traces);
});

test("SIGKILL of the kernel process leaves no process, port or tunnel", async () => {
  await using ingress = await startIngress();
  await using kernel = await startKernel({
    environment: { ...process.env, ...ingress.environment },
  });
  const traces = await serveModel(kernel);
  assert.equal(ingress.tunnels().length, 1);
  process.kill(kernel.pid, "SIGKILL");
  await assertGone(traces);
  await waitUntil("the tunnel's end", () => ingress.tunnels().length === 0, 3_000);
});

test("SIGKILL of the runtime ends its sessions, and the kernel goes on", async () => {
  await using ingress = await startIngress();
  await using kernel = await startKernel({
    environment: { ...process.env, ...ingress.environment },
  });
  const traces = await serveModel(kernel);
  const runtime = Number(await run(kernel, "process.pid"));
  const pids = [runtime, ...descendants(runtime)];
  assert.ok(pids.length >= 3, "the model app and ngrok's agent are processes below the runtime");
  process.kill(runtime, "SIGKILL");
  await assertGone({ ...traces, pids });
  await waitUntil("the tunnel's end", () => ingress.tunnels().length === 0, 3_000);
  assert.match(await run(kernel, "6 * 7"), /42/);
});

test("a runtime that kills itself while an app is served leaves a fresh one", async () => {
  await using kernel = await startKernel();
  const link = linkIn(await run(kernel, userApp));
  const { text } = await fail(
    kernel,
    `process.kill(process.pid, "SIGKILL"); await new Promise(() => {})`,
  );
  assert.match(text, /SIGKILL/);
  await waitUntil("a free port", () => isPortFree(Number(link.port)), 3_000);
  assert.match(await run(kernel, "6 * 7"), /42/);
});

test("a busy cell does not stop the model's answers, nor its end the shutdown", async () => {
  await using kernel = await startKernel();
  const traces = await serveModel(kernel);
  const busy = kernel.execute("while (true) {}").catch(() => {});
  const response = await fetch(`http://127.0.0.1:${traces.port}/healthz`);
  assert.equal(response.status, 200);
  await kernel.shutdown();
  await busy;
  await assertGone(traces);
});
