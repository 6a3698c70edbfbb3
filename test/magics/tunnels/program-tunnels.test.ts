import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { colabLinkHtml, isColab } from "../../../magics/tunnels/colab.ts";
import { commandProvider, findForeignUrl } from "../../../magics/tunnels/command-tunnel.ts";
import { functionProvider } from "../../../magics/tunnels/function-tunnel.ts";
import type { TunnelRequest } from "../../../magics/tunnels/tunnel.ts";
import { isAlive, startLocalService, until } from "../../contracts/tunnel-bench.ts";
import { tunnelContract } from "../../contracts/tunnel-contract.ts";
import { makeProvider as makeCommandProvider } from "../../support/command-bench.ts";
import { makeProvider as makeFunctionProvider } from "../../support/function-bench.ts";

const never = new AbortController().signal;
const supportModule = (name: string) => new URL(`../../support/${name}.js`, import.meta.url);

function requestFor(port: number): TunnelRequest {
  return { port, token: undefined, domain: undefined, auth: undefined, environment: process.env };
}

const times = { openMs: 3_000, retryMs: 50, attempts: 2 };

tunnelContract("command", async () => ({
  provider: makeCommandProvider(),
  module: supportModule("command-bench"),
  request: (port) => ({ ...requestFor(port), environment: {} }),
  async [Symbol.asyncDispose]() {},
}));

tunnelContract("function", async () => ({
  provider: makeFunctionProvider(),
  module: supportModule("function-bench"),
  request: (port) => ({ ...requestFor(port), environment: {} }),
  async [Symbol.asyncDispose]() {},
}));

describe("findForeignUrl()", { timeout: 120_000 }, () => {
  const rows: [readonly string[], string | undefined][] = [
    [["nothing here"], undefined],
    [["Forwarding http://localhost:8000", "at https://abc.example/x."], "https://abc.example/x."],
    [["http://abc.example -> http://127.0.0.1:8000"], "http://abc.example"],
    [["http://abc.example https://abc.example"], "https://abc.example"],
    [["http://127.0.0.1:9000"], "http://127.0.0.1:9000"],
  ];
  for (const [lines, expected] of rows) {
    it(`finds ${expected} in ${JSON.stringify(lines)}`, () =>
      assert.equal(findForeignUrl(lines, 8000), expected));
  }
});

describe("command", { timeout: 120_000 }, () => {
  it("wants to know where the port goes", async () => {
    await assert.rejects(commandProvider("my-tunnel").open(requestFor(9), never), {
      code: "USAGE",
    });
  });

  it("tells what a command wrote that ended without a URL", async () => {
    const provider = commandProvider("echo no luck on {port}; exit 3", times);
    await assert.rejects(provider.open(requestFor(9), never), {
      code: "TUNNEL_FAILED",
      message: "The tunnel command gave no URL: it exited with code 3. It wrote: no luck on 9",
    });
  });

  it("gives up on a command that says nothing, and ends it", async () => {
    const provider = commandProvider("sleep 60 # {port}", { ...times, openMs: 300 });
    await assert.rejects(provider.open(requestFor(9), never), /gave no URL within 0 seconds/);
  });

  it("a command that dies is started again; one that cannot come back ends with the reason", async () => {
    const folder = await mkdtemp(join(tmpdir(), "colabcode-command-"));
    try {
      const program = fileURLToPath(supportModule("tunnel-program"));
      const broken = join(folder, "broken");
      const command = `test ! -e ${broken} && exec ${process.execPath} ${program} {port}`;
      await using service = await startLocalService();
      await using tunnel = await commandProvider(command, times).open(
        requestFor(service.port),
        never,
      );
      const { url } = tunnel;
      const states: string[] = [];
      tunnel.onState((state, now) => states.push(`${state} ${now === url}`));
      process.kill(tunnel.pids[0] ?? 0, "SIGKILL");
      await until("live again", () => states.length === 2);
      assert.deepEqual(states, ["reconnecting true", "live false"]);
      await writeFile(broken, "");
      process.kill(tunnel.pids[0] ?? 0, "SIGKILL");
      const end = await tunnel.ended;
      assert.equal(end.asked, false);
      assert.match(end.reason, /^the tunnel could not come back: .*exited with code 1/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("function", { timeout: 120_000 }, () => {
  it("gets the port, and a signal that aborts at the end", async () => {
    let seen: [number, AbortSignal] | undefined;
    const provider = functionProvider((port, signal) => {
      seen = [port, signal];
      return "https://my.example/";
    });
    const tunnel = await provider.open(requestFor(8123), never);
    assert.equal(tunnel.url, "https://my.example");
    assert.equal(seen?.[0], 8123);
    assert.equal(seen?.[1].aborted, false);
    await tunnel[Symbol.asyncDispose]();
    assert.equal(seen?.[1].aborted, true);
  });

  it("is named when it gives no URL, fails or takes too long", async () => {
    const rows: [() => Promise<string>, RegExp][] = [
      [async () => "nonsense", /^The tunnel function gave "nonsense", which is not a URL\.$/],
      [() => Promise.reject(new Error("no luck")), /^The tunnel function failed: no luck\.$/],
      [() => new Promise(() => {}), /^The tunnel function gave no URL within 0 seconds\.$/],
    ];
    for (const [open, message] of rows) {
      const provider = functionProvider(open, { timeoutMs: 50 });
      await assert.rejects(provider.open(requestFor(9), never), { code: "TUNNEL_FAILED", message });
    }
  });
});

describe("colab", { timeout: 120_000 }, () => {
  it("is known by its variable", () => {
    assert.equal(isColab({ COLAB_RELEASE_TAG: "release-colab_20261101" }), true);
    assert.equal(isColab({}), false);
  });

  it("asks the page for the link, and a label cannot break out of the script", () => {
    const html = colabLinkHtml(8123, "</script><b>");
    assert.match(html, /google\.colab\.kernel\.proxyPort\(8123, /);
    assert.equal(html.match(/<\/script>/g)?.length, 1);
  });
});
