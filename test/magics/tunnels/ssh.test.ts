import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { proveUrl } from "../../../magics/tunnels/prove.ts";
import { sshProvider } from "../../../magics/tunnels/ssh.ts";
import { parseSshAddress } from "../../../magics/tunnels/ssh-address.ts";
import { startLocalService, until } from "../../contracts/tunnel-bench.ts";
import { tunnelContract } from "../../contracts/tunnel-contract.ts";
import { sshdFile, startSshdBench } from "../../support/sshd-bench.ts";

const never = new AbortController().signal;

describe("parseSshAddress()", { timeout: 120_000 }, () => {
  const rows: [string, ReturnType<typeof parseSshAddress>][] = [
    [
      "ssh://ana@example.org",
      {
        user: "ana",
        host: "example.org",
        port: undefined,
        remotePort: 0,
        url: undefined,
        isService: false,
      },
    ],
    [
      "ssh://ana@example.org:2222?port=8080&url=https://demo.example",
      {
        user: "ana",
        host: "example.org",
        port: 2222,
        remotePort: 8080,
        url: "https://demo.example",
        isService: false,
      },
    ],
    [
      "localhost.run",
      {
        user: "nokey",
        host: "localhost.run",
        port: undefined,
        remotePort: 80,
        url: undefined,
        isService: true,
      },
    ],
    [
      "ssh://a.pinggy.io",
      {
        user: undefined,
        host: "a.pinggy.io",
        port: 443,
        remotePort: 0,
        url: undefined,
        isService: true,
      },
    ],
  ];
  for (const [text, expected] of rows) {
    it(`reads ${text}`, () => assert.deepEqual(parseSshAddress(text), expected));
  }

  for (const text of [
    "ssh://",
    "ssh://-oProxyCommand=x",
    "ssh://-l@example.org",
    "ssh://example.org?port=99999",
    "ssh://example.org?url=ftp://x",
    "example.org",
  ]) {
    it(`refuses ${text}`, () => assert.throws(() => parseSshAddress(text), { code: "USAGE" }));
  }

  it("refuses a password without repeating it", () => {
    assert.throws(
      () => parseSshAddress("ssh://ana:topsecret@example.org"),
      (error: Error) => {
        assert.ok(!error.message.includes("topsecret"));
        return true;
      },
    );
  });
});

describe("ssh explains", { timeout: 120_000 }, () => {
  it("that it cannot ask visitors for a password", async () => {
    const request = {
      port: 9,
      token: undefined,
      domain: undefined,
      auth: "a:bbbbbbbb",
      environment: {},
    };
    await assert.rejects(sshProvider("ssh://a@127.0.0.1").open(request, never), { code: "USAGE" });
  });

  it("that nobody listens there", async () => {
    const request = {
      port: 9,
      token: undefined,
      domain: undefined,
      auth: undefined,
      environment: { PATH: process.env.PATH },
    };
    await assert.rejects(sshProvider("ssh://a@127.0.0.1:1").open(request, never), {
      code: "TUNNEL_FAILED",
      message: /^127\.0\.0\.1 port 1 cannot be reached by ssh\./,
    });
  });
});

const skip = sshdFile === undefined ? "openssh-server is not installed" : false;

describe("ssh with a real sshd", { skip, timeout: 120_000 }, () => {
  tunnelContract("ssh", () => startSshdBench());

  it("an unknown host key is refused, and how to check it is said", async () => {
    await using bench = await startSshdBench();
    await writeFile(join(bench.folder, "known_hosts"), "");
    await assert.rejects(bench.provider.open(bench.request(9), never), {
      message: /^The host key of 127\.0\.0\.1 port \d+ is not known yet\.$/,
      hint: /^Connect once in a terminal and check the key: ssh -p \d+ /,
    });
  });

  it("a user without a key is told to make one known", async () => {
    await using bench = await startSshdBench();
    await writeFile(join(bench.folder, "client.pub"), "");
    await assert.rejects(bench.provider.open(bench.request(9), never), {
      message: /does not let this user in without a password\.$/,
      hint: /ssh-copy-id/,
    });
  });

  it("a server that forbids forwarding is named", async () => {
    await using bench = await startSshdBench(["AllowTcpForwarding no"]);
    await assert.rejects(bench.provider.open(bench.request(9), never), {
      message: /refuses to forward a port\.$/,
      hint: /AllowTcpForwarding yes/,
    });
  });

  it("a given URL and a given port are taken", async () => {
    await using bench = await startSshdBench();
    await using service = await startLocalService();
    // A port that was free a moment ago: sshd binds it, not this process.
    const probe = await startLocalService();
    await probe[Symbol.asyncDispose]();
    const address = `${bench.address}?port=${probe.port}&url=http://127.0.0.1:${probe.port}/`;
    await using tunnel = await sshProvider(address).open(bench.request(service.port), never);
    assert.equal(tunnel.url, `http://127.0.0.1:${probe.port}`);
    await proveUrl(tunnel.url, { marker: "hello", deadlineMs: 5_000 });
  });

  it("a client that dies is started again", async () => {
    await using bench = await startSshdBench();
    await using service = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const states: string[] = [];
    tunnel.onState((state) => states.push(state));
    process.kill(tunnel.pids[0] ?? 0, "SIGKILL");
    await until("live again", () => states.at(-1) === "live");
    assert.deepEqual(states, ["reconnecting", "live"]);
    await proveUrl(tunnel.url, { marker: "hello", deadlineMs: 5_000 });
  });
});
