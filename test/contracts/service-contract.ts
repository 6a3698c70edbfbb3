import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { ColabCodeError } from "../../magics/errors.ts";
import type { RunningService, Service } from "../../magics/services/service.ts";
import { isPortFree } from "../support/process-facts.ts";
import { waitUntil } from "../support/wait-until.ts";

const context = { signal: new AbortController().signal, onProgress: () => {} };

/** What every service promises that answers requests by our own server. */
export function serviceContract(name: string, makeService: () => Service): void {
  describe(`${name} keeps the contract of services`, { timeout: 120_000 }, () => {
    it("start() resolves with a service that proves itself by its own marker", async () => {
      await using running = await makeService().start(0, context);
      await using other = await makeService().start(0, context);
      assert.equal(running.url, `http://127.0.0.1:${running.port}`);
      const probe = await fetch(running.url + running.probePath);
      assert.equal(probe.status, 200);
      assert.equal(await probe.text(), running.marker);
      assert.notEqual(running.marker, other.marker);
    });

    it("a service ends once however often it is asked, and its port is free", async () => {
      const running = await makeService().start(0, context);
      await running[Symbol.asyncDispose]();
      await running[Symbol.asyncDispose]();
      assert.deepEqual(await running.ended, { asked: true, reason: "ended" });
      assert.equal(await isPortFree(running.port), true);
    });

    it("start() on a taken port says who holds it", async () => {
      const holder = createServer().listen(0, "127.0.0.1");
      await once(holder, "listening");
      const address = holder.address();
      assert.ok(typeof address === "object" && address !== null);
      const message = `Port ${address.port} is held by this process (pid ${process.pid}).`;
      try {
        await assert.rejects(makeService().start(address.port, context), (error) => {
          assert.ok(error instanceof ColabCodeError);
          assert.deepEqual([error.code, error.message], ["PORT_IN_USE", message]);
          return true;
        });
      } finally {
        holder.close();
      }
    });

    it("stats() and recent() tell of what it answered, without queries", async () => {
      await using running = await makeService().start(0, context);
      await (await fetch(`${running.url}/?secret=1`)).text();
      await waitUntil("the request is counted", () => running.stats()?.requests === 1);
      assert.equal(running.stats()?.errors, 0);
      await waitUntil("the request is told", () => running.recent?.().length === 1);
      const [request] = running.recent?.() ?? [];
      assert.deepEqual([request?.method, request?.path, request?.status], ["GET", "/", 200]);
    });

    it("allowHosts() refuses other sites' names, and answers loopback names and those allowed", async () => {
      await using running = await makeService().start(0, context);
      const status = (host: string) => statusFor(running, host);
      assert.equal(await status("evil.example"), 200);
      running.allowHosts?.(["mine.example"]);
      await waitUntil("the check is on", async () => (await status("evil.example")) === 403);
      assert.equal(await status("mine.example"), 200);
      assert.equal(await status("localhost:8000"), 200);
      assert.equal(await status(`127.0.0.1:${running.port}`), 200);
      running.allowHosts?.(undefined);
      await waitUntil("the check is off", async () => (await status("evil.example")) === 200);
    });
  });
}

async function statusFor(running: RunningService, host: string): Promise<number | undefined> {
  const request = get(running.url, { headers: { host } });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}
