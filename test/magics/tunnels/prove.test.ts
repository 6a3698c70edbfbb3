import assert from "node:assert/strict";
import type http from "node:http";
import { describe, it } from "node:test";
import { authorization, probe } from "../../../magics/tunnels/probe.ts";
import { proveUrl } from "../../../magics/tunnels/prove.ts";
import { watchTimes, watchUrl } from "../../../magics/tunnels/watch.ts";
import { type LocalService, startLocalService, until } from "../../contracts/tunnel-bench.ts";
import { startNgrokBench } from "../../support/ngrok-bench.ts";

const never = new AbortController().signal;
const urlOf = ({ port }: LocalService) => `http://127.0.0.1:${port}`;

/** Answers 200 with the marker, or what `status` and `body` say at that moment. */
function changing(now: { status: number; body: string }): http.RequestListener {
  return (_request, response) => {
    response.writeHead(now.status);
    response.end(now.body);
  };
}

describe("proveUrl()", { timeout: 120_000 }, () => {
  it("waits until the service answers with its marker", async () => {
    const now = { status: 502, body: "" };
    let seen = 0;
    await using service = await startLocalService((request, response) => {
      seen++;
      if (seen === 3) Object.assign(now, { status: 200, body: "a stranger" });
      if (seen === 5) now.body = "marker-1234 and more";
      changing(now)(request, response);
    });
    await proveUrl(urlOf(service), { path: "/healthz", marker: "marker-1234" });
    assert.equal(seen, 5);
  });

  const rows = [
    { when: "another status", now: { status: 502, body: "" }, saw: "got 502 from URL" },
    {
      when: "a stranger's page",
      now: { status: 200, body: "hello" },
      saw: "got a page from URL that is not the service's",
    },
    {
      when: "ngrok's page for browsers",
      now: { status: 200, body: "You are about to visit … ERR_NGROK_6024" },
      saw: "got ngrok's page for browsers from URL",
    },
    {
      when: "a tunnel that is gone",
      now: { status: 404, body: "ERR_NGROK_3200" },
      saw: "got 404 from URL: ngrok says that no tunnel is open at this URL. (ERR_NGROK_3200)",
    },
  ];
  for (const { when, now, saw } of rows) {
    it(`says what it saw last: ${when}`, async () => {
      await using service = await startLocalService(changing(now));
      const url = urlOf(service);
      await assert.rejects(proveUrl(url, { marker: "marker-1234", deadlineMs: 300 }), {
        code: "TUNNEL_UNPROVEN",
        message: `The link was opened but does not lead to the service: ${saw.replace("URL", url)}.`,
      });
    });
  }

  it("says that nothing answers", async () => {
    await assert.rejects(
      proveUrl("http://127.0.0.1:1", { deadlineMs: 200 }),
      /got no answer from http:\/\/127\.0\.0\.1:1/,
    );
  });

  it("ends within its deadline when the answer never ends", async () => {
    await using service = await startLocalService((_request, response) => {
      response.writeHead(200);
      response.write("…");
    });
    await assert.rejects(proveUrl(urlOf(service), { deadlineMs: 300 }), /no answer in time/);
  });

  it("rejects with INTERRUPTED when it is aborted", async () => {
    await using service = await startLocalService(changing({ status: 502, body: "" }));
    const abort = new AbortController();
    const proving = proveUrl(urlOf(service), { signal: abort.signal });
    abort.abort();
    await assert.rejects(proving, { code: "INTERRUPTED" });
  });

  it("rejects a door that does not ask for the password", async () => {
    await using service = await startLocalService();
    const url = urlOf(service);
    await assert.rejects(proveUrl(url, { auth: "visitor:correct horse", deadlineMs: 2_000 }), {
      message: `${url} does not ask for the password.`,
    });
  });

  it("accepts a door that asks for the password and opens with it", async () => {
    const auth = "visitor:correct horse";
    await using service = await startLocalService((request, response) => {
      const isRight = request.headers.authorization === authorization(auth).authorization;
      response.writeHead(isRight ? 200 : 401);
      response.end();
    });
    await proveUrl(urlOf(service), { auth, deadlineMs: 2_000 });
  });
});

describe("a link with a door of its own", { timeout: 120_000 }, () => {
  const rows = [
    { door: "login", now: { status: 302, body: "" }, isProven: true },
    { door: "login", now: { status: 200, body: "hello" }, isProven: false },
    { door: "rules", now: { status: 403, body: "ERR_NGROK_3205" }, isProven: true },
    { door: "rules", now: { status: 200, body: "hello" }, isProven: true },
    { door: "rules", now: { status: 404, body: "ERR_NGROK_3200" }, isProven: false },
    { door: "rules", now: { status: 502, body: "" }, isProven: false },
    { door: "rules", now: { status: 200, body: "a stranger" }, isProven: false },
  ] as const;
  for (const { door, now, isProven } of rows) {
    it(`is ${isProven ? "" : "not "}proven as ${door} by ${now.status} ${now.body}`, async () => {
      await using service = await startLocalService(changing(now));
      const proving = proveUrl(urlOf(service), { marker: "hello", door, deadlineMs: 300 });
      const status = await proving.then(
        (sight) => sight.status,
        (error: { code: string }) => error.code,
      );
      assert.equal(status, isProven ? now.status : "TUNNEL_UNPROVEN");
    });
  }

  it("is watched by its door: what turns the probe away is there", async () => {
    const now = { status: 302, body: "" };
    let seen = 0;
    await using service = await startLocalService((request, response) => {
      seen++;
      changing(now)(request, response);
    });
    const changes: boolean[] = [];
    await using _watch = watchUrl(urlOf(service), {
      ...{ marker: "hello", door: "login", intervalMs: 10, confirmMs: 10, retryMs: 10 },
      onChange: (isAnswering) => changes.push(isAnswering),
    });
    await until("it was looked at", () => seen > 3);
    assert.deepEqual(changes, []);
    now.status = 502;
    await until("it was told", () => changes.length === 1);
    assert.deepEqual(changes, [false]);
  });
});

describe("probe()", { timeout: 120_000 }, () => {
  it("passes ngrok's page for browsers, which a browser gets", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    bench.ingress.hasInterstitial = true;
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const headers = { "user-agent": "Mozilla/5.0" };
    assert.equal((await probe(tunnel.url, { marker: "hello", headers })).isOurs, true);
    assert.match(await (await fetch(tunnel.url, { headers })).text(), /ERR_NGROK_6024/);
  });
});

describe("watchUrl()", { timeout: 120_000 }, () => {
  it("tells when the link stops answering and when it does again, once each", async () => {
    const now = { status: 200, body: "hello" };
    await using service = await startLocalService(changing(now));
    const changes: string[] = [];
    await using _watch = watchUrl(urlOf(service), {
      marker: "hello",
      intervalMs: 10,
      retryMs: 10,
      onChange: (isAnswering, saw) => changes.push(`${isAnswering} ${saw.slice(0, 7)}`),
    });
    now.status = 503;
    await until("it was told", () => changes.length === 1);
    now.status = 200;
    await until("it was told again", () => changes.length === 2);
    assert.deepEqual(changes, ["false got 503", "true got 200"]);
  });

  it("tells of a link that hangs, by its own times within 20 s of the cut", async () => {
    let isHanging = false;
    await using service = await startLocalService((_request, response) => {
      if (!isHanging) response.end();
    });
    let changes = 0;
    const quick = { intervalMs: 10, timeoutMs: 100, confirmMs: 10, retryMs: 10 };
    await using _watch = watchUrl(urlOf(service), { ...quick, onChange: () => changes++ });
    isHanging = true;
    await until("it was told", () => changes === 1);
    isHanging = false;
    await until("it was told again", () => changes === 2);
    const { intervalMs, timeoutMs, confirmMs } = watchTimes;
    assert.ok(intervalMs + timeoutMs + confirmMs + timeoutMs < 20_000);
  });

  it("stops probing when it ends", async () => {
    let seen = 0;
    await using service = await startLocalService((_request, response) => {
      seen++;
      response.end();
    });
    const watch = watchUrl(urlOf(service), { intervalMs: 5, retryMs: 5, onChange() {} });
    await until("it probed", () => seen > 2);
    await watch[Symbol.asyncDispose]();
    const before = seen;
    await startLocalService().then((other) => other[Symbol.asyncDispose]());
    assert.equal(seen, before);
  });
});
