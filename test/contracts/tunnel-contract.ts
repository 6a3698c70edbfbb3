import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { proveUrl } from "../../magics/tunnels/prove.ts";
import { isAlive, startLocalService, type TunnelBench, until } from "./tunnel-bench.ts";

const never = new AbortController().signal;
const holder = fileURLToPath(new URL("../support/tunnel-holder.js", import.meta.url));

/** What every provider promises, each with what it needs on loopback. */
export function tunnelContract(name: string, makeBench: () => Promise<TunnelBench>): void {
  describe(`${name} keeps the contract of tunnels`, () => {
    it("open() resolves with a URL that leads to the service", async () => {
      await using bench = await makeBench();
      await using service = await startLocalService();
      await using tunnel = await bench.provider.open(bench.request(service.port), never);
      assert.match(tunnel.url, /^https?:\/\/[^/]+$/);
      assert.equal(tunnel.provider, bench.provider.name);
      await proveUrl(tunnel.url, { marker: "hello", deadlineMs: 5_000 });
    });

    it("a tunnel carries 200 requests at the same time", async () => {
      await using bench = await makeBench();
      await using service = await startLocalService();
      await using tunnel = await bench.provider.open(bench.request(service.port), never);
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const response = await fetch(`${tunnel.url}/number-${index}`);
          return [response.status, await response.text()];
        }),
      );
      assert.deepEqual(
        answers,
        Array.from({ length: 200 }, (_, index) => [200, `number-${index}`]),
      );
    });

    it("a closed tunnel leaves a dead URL and no process; closing twice is safe", async () => {
      await using bench = await makeBench();
      await using service = await startLocalService();
      const tunnel = await bench.provider.open(bench.request(service.port), never);
      const { url, pids } = tunnel;
      for (const pid of pids) assert.equal(await isAlive(pid), true);
      await tunnel[Symbol.asyncDispose]();
      assert.equal(await answersHello(url), false);
      for (const pid of pids) assert.equal(await isAlive(pid), false);
      await tunnel[Symbol.asyncDispose]();
      assert.equal((await tunnel.ended).asked, true);
    });

    it("an aborted open() rejects and leaves nothing", async () => {
      await using bench = await makeBench();
      await using service = await startLocalService();
      for (const delayMs of [0, 20, 60]) {
        const abort = new AbortController();
        const opening = bench.provider.open(bench.request(service.port), abort.signal);
        const timer = setTimeout(() => abort.abort(), delayMs);
        const outcome = await opening.catch((error: unknown) => error);
        clearTimeout(timer);
        // A fast provider may be done before the abort; then it is an open tunnel like any other.
        if (outcome instanceof Error) assert.match(outcome.message, /interrupted/);
        else await opening.then((tunnel) => tunnel[Symbol.asyncDispose]());
      }
      await until("no child process is left", () => childPids().then((pids) => pids.length === 0));
    });

    it("an open() that is aborted before it starts rejects", async () => {
      await using bench = await makeBench();
      const opening = bench.provider.open(bench.request(9), AbortSignal.abort());
      await assert.rejects(opening, { code: "INTERRUPTED" });
    });

    it("nothing outlives an owner that is killed", async () => {
      await using bench = await makeBench();
      await using service = await startLocalService();
      const owner = fork(holder, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
      owner.send({ module: bench.module.href, request: bench.request(service.port) });
      const [{ url, pids }] = await once(owner, "message");
      assert.equal(await answersHello(url), true);
      owner.kill("SIGKILL");
      await once(owner, "exit");
      await until("the URL is dead", async () => !(await answersHello(url)), 3_000);
      for (const pid of pids) {
        await until(`process ${pid} is gone`, async () => !(await isAlive(pid)), 3_000);
      }
    });

    it("two tunnels do not disturb each other", async () => {
      await using bench = await makeBench();
      await using first = await startLocalService();
      await using second = await startLocalService((_request, response) => response.end("second"));
      const tunnel = await bench.provider.open(bench.request(first.port), never);
      await using other = await bench.provider.open(bench.request(second.port), never);
      assert.notEqual(tunnel.url, other.url);
      assert.equal(await (await fetch(other.url)).text(), "second");
      assert.equal(await (await fetch(tunnel.url)).text(), "hello");
      await tunnel[Symbol.asyncDispose]();
      assert.equal(await answersHello(tunnel.url), false);
      assert.equal(await (await fetch(other.url)).text(), "second");
    });
  });
}

async function answersHello(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return (await response.text()) === "hello";
  } catch {
    return false;
  }
}

/** Processes that this one started and that still run. */
async function childPids(): Promise<number[]> {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  const alive = await Promise.all(
    text
      .split(" ")
      .filter(Boolean)
      .map(async (pid) => ((await isAlive(Number(pid))) ? [Number(pid)] : [])),
  );
  return alive.flat();
}
