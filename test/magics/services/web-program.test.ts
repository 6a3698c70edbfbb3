import assert from "node:assert/strict";
import { test } from "node:test";
import { claimPort } from "../../../magics/services/free-port.ts";
import { startWebProgram } from "../../../magics/services/web-program.ts";
import { fixture } from "../../support/fixture.ts";
import { isListening } from "../../support/process-facts.ts";

const description = {
  probePath: "/",
  marker: undefined,
  summary: "a test server",
  links: [{ label: "Test", path: "/" }],
  runsCode: false,
  secret: undefined,
  isProtected: false,
};

function options(port: number, args: readonly string[]) {
  return {
    name: "test server",
    command: process.execPath,
    args,
    port,
    ready: { path: "/" },
    listening: /listening now/,
    timeoutMs: 10_000,
    graceMs: 200,
  };
}

const context = () => ({ signal: new AbortController().signal, onProgress: () => {} });

test("startWebProgram() waits for a slow server until it answers 200, and ends it", async () => {
  const port = await claimPort(0);
  const args = [fixture("programs/slow-server.mjs"), String(port)];
  const service = await startWebProgram(options(port, args), description, context());
  assert.equal(service.url, `http://127.0.0.1:${port}`);
  assert.equal((await fetch(service.url)).status, 200);
  await service[Symbol.asyncDispose]();
  assert.equal(await isListening(port), false);
  assert.deepEqual(await service.ended, { asked: true, reason: "ended" });
});

test("startWebProgram() rejects with the last lines of a program that dies", async () => {
  const port = await claimPort(0);
  const script = "console.error('no licence found'); process.exit(4)";
  await assert.rejects(startWebProgram(options(port, ["-e", script]), description, context()), {
    code: "SERVICE_FAILED",
    message: "test server did not start: it exited with code 4.\nno licence found",
  });
});

test("startWebProgram() rejects at its deadline and leaves nothing running", async () => {
  const port = await claimPort(0);
  const script = `require("node:http").createServer(() => {}).listen(${port}, "127.0.0.1")`;
  const late = { ...options(port, ["-e", script]), timeoutMs: 300 };
  await assert.rejects(startWebProgram(late, description, context()), { code: "TIMED_OUT" });
  assert.equal(await isListening(port), false);
});

test("startWebProgram() ends the program where the start is aborted, and only then", async () => {
  const port = await claimPort(0);
  const args = [fixture("programs/slow-server.mjs"), String(port)];
  const early = new AbortController();
  const starting = startWebProgram(options(port, args), description, {
    signal: early.signal,
    onProgress: () => {},
  });
  early.abort(new Error("stopped by the test"));
  await assert.rejects(starting, { message: "stopped by the test" });
  assert.equal(await isListening(port), false);

  const late = new AbortController();
  await using service = await startWebProgram(options(port, args), description, {
    signal: late.signal,
    onProgress: () => {},
  });
  late.abort();
  assert.equal((await fetch(service.url)).status, 200);
});

test("a web program that dies later says why", async () => {
  const port = await claimPort(0);
  const args = [fixture("programs/slow-server.mjs"), String(port)];
  await using service = await startWebProgram(options(port, args), description, context());
  process.kill(service.pid, "SIGKILL");
  assert.deepEqual(await service.ended, { asked: false, reason: "test server ended by SIGKILL" });
});

test("claimPort() says who holds a port", async () => {
  const port = await claimPort(0);
  const args = [fixture("programs/slow-server.mjs"), String(port)];
  await using service = await startWebProgram(options(port, args), description, context());
  await assert.rejects(claimPort(port), {
    code: "PORT_IN_USE",
    message: `Port ${port} is held by node slow-server.mjs (pid ${service.pid}).`,
  });
});
