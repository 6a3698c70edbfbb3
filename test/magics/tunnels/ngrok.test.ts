import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { ColabCodeError } from "../../../magics/errors.ts";
import { ngrokProvider } from "../../../magics/tunnels/ngrok.ts";
import { proveUrl } from "../../../magics/tunnels/prove.ts";
import type { TunnelAccess } from "../../../magics/tunnels/tunnel.ts";
import { startLocalService, until } from "../../contracts/tunnel-bench.ts";
import { tunnelContract } from "../../contracts/tunnel-contract.ts";
import { makeProvider, startNgrokBench } from "../../support/ngrok-bench.ts";

const never = new AbortController().signal;
const wrongToken = "2bTokenOfTheTests0123456789_7bOnlyForLoopback0123";

tunnelContract("ngrok", () => startNgrokBench());

async function failureOf(opening: Promise<unknown>): Promise<ColabCodeError> {
  const error: unknown = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ColabCodeError, `rejected with ${String(error)}`);
  return error;
}

describe("ngrok explains a refusal in one sentence with the fix", { timeout: 120_000 }, () => {
  const rows: {
    when: string;
    auth?: string;
    bind?: string;
    token?: string;
    domain?: string;
    code?: string;
    message: string;
    hint: RegExp;
  }[] = [
    {
      when: "an unknown token",
      token: wrongToken,
      message:
        "ngrok does not know this authtoken: it was reset or belongs to a removed account. (ERR_NGROK_107)",
      hint: /dashboard\.ngrok\.com\/get-started\/your-authtoken/,
    },
    {
      when: "a malformed token",
      token: "not-a-token",
      message: "ngrok says that this is not an authtoken. (ERR_NGROK_105)",
      hint: /your-authtoken/,
    },
    {
      when: "an unverified account",
      auth: "ERR_NGROK_4018",
      code: "NO_TOKEN",
      message: "ngrok wants a verified account and its authtoken. (ERR_NGROK_4018)",
      hint: /NGROK_AUTHTOKEN/,
    },
    {
      when: "too many sessions",
      auth: "ERR_NGROK_108",
      message:
        "The ngrok account has no agent session left: another program is using it. (ERR_NGROK_108)",
      hint: /dashboard\.ngrok\.com\/agents/,
    },
    {
      when: "too many endpoints",
      bind: "ERR_NGROK_324",
      message: "The ngrok account may not open more tunnels at the same time. (ERR_NGROK_324)",
      hint: /colabcode stop/,
    },
    {
      when: "somebody else's domain",
      domain: "taken.example",
      message: "The domain belongs to another ngrok account. (ERR_NGROK_320)",
      hint: /dashboard\.ngrok\.com\/domains/,
    },
    {
      when: "a domain in use",
      bind: "ERR_NGROK_334",
      message: "The domain is already in use by another tunnel. (ERR_NGROK_334)",
      hint: /Stop the other one/,
    },
    {
      when: "a tunnel that is not known any more",
      bind: "ERR_NGROK_333",
      message: "ngrok no longer knows this tunnel. (ERR_NGROK_333)",
      hint: /Run the cell again/,
    },
    {
      when: "a code that is not known",
      bind: "ERR_NGROK_9999",
      message: "ngrok refused the tunnel. (ERR_NGROK_9999)",
      hint: /ngrok\.com\/docs\/errors\/err_ngrok_9999/,
    },
  ];
  for (const row of rows) {
    it(`${row.when}`, async () => {
      await using bench = await startNgrokBench({ foreignDomains: ["taken.example"] });
      bench.ingress.rejected.auth = row.auth;
      bench.ingress.rejected.bind = row.bind;
      const request = { ...bench.request(9), domain: row.domain };
      const error = await failureOf(
        bench.provider.open({ ...request, token: row.token ?? request.token }, never),
      );
      assert.equal(error.code, row.code ?? "TUNNEL_FAILED");
      assert.equal(error.message, row.message);
      assert.match(error.hint ?? "", row.hint);
      assertNoSecret(error, row.token ?? request.token ?? "");
      assert.equal(bench.ingress.tunnels().length, 0);
    });
  }

  it("no token", async () => {
    await using bench = await startNgrokBench();
    const request = { ...bench.request(9), token: " " };
    const error = await failureOf(bench.provider.open(request, never));
    assert.equal(error.code, "NO_TOKEN");
    assert.equal(bench.ingress.counts.dials, 0);
  });
});

function assertNoSecret(error: Error, secret: string): void {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    assert.ok(!`${each.message}\n${each.stack}`.includes(secret), "the secret is in the error");
  }
}

describe("ngrok's reach", { timeout: 120_000 }, () => {
  it("a port where nobody listens is named", async () => {
    await using bench = await startNgrokBench();
    const environment = { COLABCODE_NGROK_SERVER_ADDR: "127.0.0.1:1" };
    const error = await failureOf(bench.provider.open({ ...bench.request(9), environment }, never));
    assert.equal(error.message, "ngrok cannot be reached at 127.0.0.1:1.");
  });

  it("a name that does not exist is named", async () => {
    await using bench = await startNgrokBench();
    const environment = { COLABCODE_NGROK_SERVER_ADDR: "nowhere.invalid:443" };
    const error = await failureOf(bench.provider.open({ ...bench.request(9), environment }, never));
    assert.equal(error.message, "ngrok cannot be reached at nowhere.invalid:443.");
  });

  it("a certificate of a stranger is refused and COLABCODE_NGROK_CA named", async () => {
    await using bench = await startNgrokBench();
    const environment = { COLABCODE_NGROK_SERVER_ADDR: bench.ingress.serverAddress };
    const error = await failureOf(bench.provider.open({ ...bench.request(9), environment }, never));
    assert.match(error.message, /its certificate is not trusted/);
    assert.match(error.hint ?? "", /COLABCODE_NGROK_CA/);
  });

  it("a silent server is given up in time, and leaves no process", async () => {
    await using bench = await startNgrokBench({ times: { openMs: 2_000 } });
    bench.ingress.door = "silent";
    const error = await failureOf(bench.provider.open(bench.request(9), never));
    assert.equal(
      error.message,
      `ngrok's server at ${bench.ingress.serverAddress} did not answer within 2 seconds.`,
    );
    bench.ingress.door = "open";
    await using service = await startLocalService();
    await using tunnel = await makeProvider().open(bench.request(service.port), never);
    await proveUrl(tunnel.url, { marker: "hello", deadlineMs: 10_000 });
  });
});

describe("ngrok's options are checked before the agent sees them", { timeout: 120_000 }, () => {
  const rows: { when: string; change: Record<string, unknown>; message: RegExp }[] = [
    { when: "--auth without a colon", change: { auth: "visitor" }, message: /no user name/ },
    {
      when: "--auth with a short password",
      change: { auth: "visitor:short" },
      message: /has 5 characters; ngrok takes 8 to 128/,
    },
    {
      when: "a network that is none",
      change: { access: { allowCidrs: ["10.0.0.0/33"] } },
      message: /"10\.0\.0\.0\/33" is not a network/,
    },
    {
      when: "an unknown login",
      change: { access: { oauth: { provider: "myspace" } } },
      message: /no OAuth provider "myspace"/,
    },
    { when: "a domain with a space", change: { domain: "a b" }, message: /"a b" is not a domain/ },
    {
      when: "a server address with a scheme",
      change: { environment: { COLABCODE_NGROK_SERVER_ADDR: "https://127.0.0.1:1" } },
      message: /not HOST:PORT/,
    },
    {
      when: "a CA file that is not there",
      change: { environment: { COLABCODE_NGROK_CA: "/nowhere/ca.pem" } },
      message: /\/nowhere\/ca\.pem cannot be read/,
    },
  ];
  for (const { when, change, message } of rows) {
    it(when, async () => {
      await using bench = await startNgrokBench();
      const error = await failureOf(bench.provider.open({ ...bench.request(9), ...change }, never));
      assert.match(error.message, message);
      assert.equal(bench.ingress.counts.dials, 0);
    });
  }
});

describe("ngrok's tunnels", { timeout: 120_000 }, () => {
  it("one agent process and one session carry all tunnels", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    const opened = await Promise.all(
      [1, 2, 3, 4].map(() => bench.provider.open(bench.request(service.port), never)),
    );
    assert.equal(new Set(opened.flatMap(({ pids }) => pids)).size, 1);
    assert.equal(bench.ingress.sessions().length, 1);
    assert.equal(bench.ingress.tunnels().length, 4);
    await Promise.all(opened.map((tunnel) => tunnel[Symbol.asyncDispose]()));
    await until("no session is left", () => bench.ingress.sessions().length === 0);
  });

  it("the token is neither in the arguments nor in the environment of the agent process", async () => {
    await using bench = await startNgrokBench();
    const { token } = bench.request(9);
    process.env.NGROK_AUTHTOKEN = token;
    try {
      await using tunnel = await bench.provider.open(bench.request(9), never);
      for (const pid of tunnel.pids) {
        for (const file of ["cmdline", "environ"]) {
          const text = await readFile(`/proc/${pid}/${file}`, "utf8");
          assert.ok(!text.includes(token ?? ""), file);
          assert.ok(text.length > 0, file);
        }
      }
    } finally {
      delete process.env.NGROK_AUTHTOKEN;
    }
  });

  it("--auth is enforced at the edge: 401 without, 200 with the password", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    const auth = "visitor:correct horse";
    const request = { ...bench.request(service.port), auth };
    await using tunnel = await bench.provider.open(request, never);
    assert.equal((await fetch(tunnel.url)).status, 401);
    await proveUrl(tunnel.url, { auth, marker: "hello", deadlineMs: 10_000 });
  });

  it("networks, logins and policies are enforced at the edge", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    const rows: [TunnelAccess, number][] = [
      [{ allowCidrs: ["127.0.0.0/8"] }, 200],
      [{ allowCidrs: ["203.0.113.0/24", "2001:db8::/32"] }, 403],
      [{ denyCidrs: ["127.0.0.1/32"] }, 403],
      [{ oauth: { provider: "github", emails: ["ana@example.org"] } }, 302],
      [{ trafficPolicy: '{"on_http_request":[{"actions":[{"type":"deny"}]}]}' }, 403],
    ];
    for (const [access, status] of rows) {
      const request = { ...bench.request(service.port), access };
      await using tunnel = await bench.provider.open(request, never);
      const response = await fetch(tunnel.url, { redirect: "manual" });
      assert.equal(response.status, status, JSON.stringify(access));
    }
  });

  it("a domain is asked for and keeps its URL when it is opened again", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    const request = { ...bench.request(service.port), domain: "https://my-app.example/" };
    const first = await bench.provider.open(request, never);
    assert.equal(bench.ingress.tunnels()[0]?.options.Domain, "my-app.example");
    await first[Symbol.asyncDispose]();
    await using second = await bench.provider.open(request, never);
    assert.equal(second.url, first.url);
  });
});

describe("ngrok's provider", { timeout: 120_000 }, () => {
  it("auto may take it when a token is at hand", () => {
    assert.equal(ngrokProvider().isAvailable({}, "a-token"), true);
    assert.equal(ngrokProvider().isAvailable({}, undefined), false);
    assert.equal(makeProvider().name, "ngrok");
  });
});
