import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { proveUrl } from "../../magics/tunnels/prove.ts";
import type { Tunnel } from "../../magics/tunnels/tunnel.ts";
import { isAlive, startLocalService, type TunnelBench, until } from "./tunnel-bench.ts";

const never = new AbortController().signal;
const holder = fileURLToPath(new URL("../support/tunnel-holder.js", import.meta.url));

/** What a provider cannot promise, with the reason. */
export interface Exceptions {
  /** Its URL goes on after `close`. */
  readonly closedUrlIsDead?: string;
}

/** What every provider promises, each with what it needs on loopback. */
export function tunnelContract(
  name: string,
  makeBench: () => Promise<TunnelBench>,
  cannot: Exceptions = {},
): void {
  const urlDies = cannot.closedUrlIsDead === undefined;
  describe(`${name} keeps the contract of tunnels`, { timeout: 120_000 }, () => {
    it("open() resolves with a URL that leads to the service", async () => {
      await using bench = await makeBench();
      await using service = await startLocalService();
      await using tunnel = await bench.provider.open(bench.request(service.port), never);
      assert.match(tunnel.url, /^https?:\/\/\S*[^/]$/);
      assert.equal(tunnel.provider, bench.provider.name);
      const headers = tunnel.probeHeaders ?? {};
      await proveUrl(tunnel.url, { marker: "hello", deadlineMs: 10_000, headers });
    });

    it("a tunnel carries 200 requests at the same time", async () => {
      await using bench = await makeBench();
      await using service = await startLocalService();
      await using tunnel = await bench.provider.open(bench.request(service.port), never);
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const response = await ask(tunnel, `/number-${index}`);
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
      const { pids } = tunnel;
      for (const pid of pids) assert.equal(await isAlive(pid), true);
      await tunnel[Symbol.asyncDispose]();
      if (urlDies) assert.equal(await answersHello(tunnel), false);
      for (const pid of pids) assert.equal(await isAlive(pid), false);
      await tunnel[Symbol.asyncDispose]();
      assert.equal((await tunnel.ended).asked, true);
    });

    it("an aborted open() rejects and leaves nothing", async () => {
      await using bench = await makeBench();
      await using service = await startLocalService();
      const before = await childPids();
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
      await until("no new child process is left", async () => {
        const now = await childPids();
        return now.every((pid) => before.includes(pid));
      });
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
      const [held] = await once(owner, "message");
      assert.equal(await answersHello(held), true);
      owner.kill("SIGKILL");
      await once(owner, "exit");
      if (urlDies) await until("a dead URL", async () => !(await answersHello(held)), 3_000);
      for (const pid of held.pids) {
        await until(`process ${pid} is gone`, async () => !(await isAlive(pid)), 3_000);
      }
    });

    it("nothing outlives an owner that is killed while it opens", async () => {
      await using bench = await makeBench();
      await using service = await startLocalService();
      for (const delayMs of [50, 110, 170]) {
        const owner = fork(holder, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
        owner.send({ module: bench.module.href, request: bench.request(service.port) });
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        const helpers = await descendantsOf(owner.pid ?? 0);
        owner.kill("SIGKILL");
        await once(owner, "exit");
        for (const pid of helpers) {
          await until(`process ${pid} is gone`, async () => !(await isAlive(pid)), 3_000);
        }
      }
    });

    it("opening and closing again and again grows nothing", async () => {
      await using bench = await makeBench();
      await using service = await startLocalService();
      const round = async () => {
        const tunnel = await bench.provider.open(bench.request(service.port), never);
        await tunnel[Symbol.asyncDispose]();
      };
      await round();
      const before = await held(bench);
      for (let index = 0; index < 8; index++) await round();
      await until("as many as before are held", async () => {
        const now = await held(bench);
        return now.descriptors <= before.descriptors + 2 && now.children <= before.children;
      });
    });

    it("two tunnels do not disturb each other", async () => {
      await using bench = await makeBench();
      await using first = await startLocalService();
      await using second = await startLocalService((_request, response) => response.end("second"));
      const tunnel = await bench.provider.open(bench.request(first.port), never);
      await using other = await bench.provider.open(bench.request(second.port), never);
      assert.notEqual(tunnel.url, other.url);
      assert.equal(await (await ask(other)).text(), "second");
      assert.equal(await answersHello(tunnel), true);
      await tunnel[Symbol.asyncDispose]();
      if (urlDies) assert.equal(await answersHello(tunnel), false);
      assert.equal(await (await ask(other)).text(), "second");
    });
  });
}

type Link = Pick<Tunnel, "url" | "probeHeaders">;

function ask({ url, probeHeaders }: Link, path = "/"): Promise<Response> {
  return fetch(url + path, { headers: probeHeaders ?? {}, signal: AbortSignal.timeout(10_000) });
}

async function answersHello(link: Link): Promise<boolean> {
  try {
    return (await (await ask(link)).text()) === "hello";
  } catch {
    return false;
  }
}

/** Processes that this one started and that still run. */
async function childPids(pid = process.pid): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const pids = text.split(" ").filter(Boolean).map(Number);
  const alive = await Promise.all(pids.map(isAlive));
  return pids.filter((_pid, index) => alive[index]);
}

async function descendantsOf(pid: number): Promise<number[]> {
  const children = await childPids(pid);
  const further = await Promise.all(children.map(descendantsOf));
  return [...children, ...further.flat()];
}

async function held(bench: TunnelBench): Promise<{ descriptors: number; children: number }> {
  const descriptors = (await readdir("/proc/self/fd")).length - (bench.descriptors?.() ?? 0);
  return { descriptors, children: (await childPids()).length };
}
