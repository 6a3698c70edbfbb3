import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { proveUrl } from "../../../magics/tunnels/prove.ts";
import type { TunnelState } from "../../../magics/tunnels/tunnel.ts";
import { isAlive, startLocalService, until } from "../../contracts/tunnel-bench.ts";
import { startNgrokBench } from "../../support/ngrok-bench.ts";

const never = new AbortController().signal;

describe("ngrok comes back", { timeout: 120_000 }, () => {
  it("a cut connection is said, and is live again at the same URL", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const { url, pids } = tunnel;
    const states: TunnelState[] = [];
    tunnel.onState((state) => states.push(state));
    bench.ingress.dropSessions();
    await until("live again", () => states.at(-1) === "live");
    assert.deepEqual(states, ["reconnecting", "live"]);
    assert.equal(tunnel.url, url);
    assert.deepEqual(tunnel.pids, pids);
    await proveUrl(url, { marker: "hello", deadlineMs: 10_000 });
  });

  it("an outage longer than the agent's patience ends with a new process at the same URL", async () => {
    await using bench = await startNgrokBench({ times: { reconnectMs: 300 } });
    await using service = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const { url, pids } = tunnel;
    const states: TunnelState[] = [];
    tunnel.onState((state) => states.push(state));
    bench.ingress.door = "refusing";
    bench.ingress.dropSessions();
    const before = bench.ingress.counts.dials;
    await until("several attempts failed", () => bench.ingress.counts.dials >= before + 4);
    bench.ingress.door = "open";
    await until("live again", () => states.at(-1) === "live");
    assert.notDeepEqual(tunnel.pids, pids);
    assert.equal(await isAlive(pids[0] ?? 0), false);
    assert.equal(tunnel.url, url);
    await proveUrl(url, { marker: "hello", deadlineMs: 10_000 });
  });

  it("a killed agent process is replaced, with all its tunnels", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    await using other = await bench.provider.open(bench.request(service.port), never);
    const [pid = 0] = tunnel.pids;
    process.kill(pid, "SIGKILL");
    await until("another process is there", () => {
      const [now] = tunnel.pids;
      return now !== undefined && now !== pid && bench.ingress.tunnels().length === 2;
    });
    await proveUrl(tunnel.url, { marker: "hello", deadlineMs: 10_000 });
    await proveUrl(other.url, { marker: "hello", deadlineMs: 10_000 });
  });

  it("a session that stalls is found by its missing echo and replaced", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const { url } = tunnel;
    bench.ingress.stall();
    await until("a new session carries it", () => bench.ingress.tunnels().length === 1, 30_000);
    await proveUrl(url, { marker: "hello", deadlineMs: 10_000 });
  });

  it("an interrupt to the agent process changes nothing", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    for (const pid of tunnel.pids) process.kill(pid, "SIGINT");
    await proveUrl(tunnel.url, { marker: "hello", deadlineMs: 10_000 });
    assert.equal(bench.ingress.counts.auths, 1);
  });

  it("a token that was revoked meanwhile ends the tunnel with the reason", async () => {
    await using bench = await startNgrokBench({ times: { reconnectMs: 300 } });
    await using service = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    bench.ingress.rejected.auth = "ERR_NGROK_107";
    bench.ingress.dropSessions();
    const end = await tunnel.ended;
    assert.equal(end.asked, false);
    assert.match(end.reason, /does not know this authtoken/);
    await until("no process is left", async () => tunnel.pids.length === 0);
  });

  it("a tunnel stopped behind the agent's back is repaired when asked", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const { url } = tunnel;
    const states: TunnelState[] = [];
    tunnel.onState((state) => states.push(state));
    bench.ingress.dropSessions();
    await until("live again", () => states.at(-1) === "live");
    // After a reconnect the agent does not hear of it.
    bench.ingress.stopTunnel(url);
    assert.equal((await fetch(url)).status, 404);
    tunnel.repair?.();
    await until("repaired", () => states.length === 4);
    assert.deepEqual(states, ["reconnecting", "live", "reconnecting", "live"]);
    assert.equal(tunnel.url, url);
    await proveUrl(url, { marker: "hello", deadlineMs: 10_000 });
  });

  it("a tunnel that the service stops ends with the reason", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    bench.ingress.stopTunnel(tunnel.url);
    assert.deepEqual(await tunnel.ended, {
      asked: false,
      reason: "ngrok ended the tunnel: stopped by the test",
    });
  });
});

describe("ngrok's close really closes", { timeout: 120_000 }, () => {
  it("while disconnected, the tunnel is not bound again", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    const tunnel = await bench.provider.open(bench.request(service.port), never);
    const { pids } = tunnel;
    bench.ingress.door = "refusing";
    bench.ingress.dropSessions();
    await tunnel[Symbol.asyncDispose]();
    bench.ingress.door = "open";
    for (const pid of pids) assert.equal(await isAlive(pid), false);
    assert.equal(bench.ingress.tunnels().length, 0);
  });

  it("while disconnected, one of two: the other comes back, the closed one does not", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    const closed = await bench.provider.open(bench.request(service.port), never);
    await using kept = await bench.provider.open(bench.request(service.port), never);
    bench.ingress.door = "refusing";
    bench.ingress.dropSessions();
    await closed[Symbol.asyncDispose]();
    bench.ingress.door = "open";
    await until("the other is back", () => bench.ingress.tunnels().length > 0);
    await proveUrl(kept.url, { marker: "hello", deadlineMs: 10_000 });
    assert.deepEqual(
      bench.ingress.tunnels().map(({ url }) => url),
      [kept.url],
    );
  });

  it("a refused unbind does not keep the tunnel", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    const closed = await bench.provider.open(bench.request(service.port), never);
    await using kept = await bench.provider.open(bench.request(service.port), never);
    bench.ingress.rejected.unbind = "ERR_NGROK_9999";
    await closed[Symbol.asyncDispose]();
    assert.notEqual((await fetch(closed.url)).status, 200);
    await proveUrl(kept.url, { marker: "hello", deadlineMs: 10_000 });
  });

  it("on a stalled session it ends within its time", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    const tunnel = await bench.provider.open(bench.request(service.port), never);
    const { pids } = tunnel;
    bench.ingress.stall();
    await tunnel[Symbol.asyncDispose]();
    for (const pid of pids) assert.equal(await isAlive(pid), false);
  });

  it("an open that is cut while another tunnel lives is taken back", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    await using kept = await bench.provider.open(bench.request(service.port), never);
    const abort = new AbortController();
    const opening = bench.provider.open(bench.request(service.port), abort.signal);
    abort.abort();
    await assert.rejects(opening, { code: "INTERRUPTED" });
    await until("only one is bound", () => bench.ingress.tunnels().length === 1);
    await proveUrl(kept.url, { marker: "hello", deadlineMs: 10_000 });
  });
});
