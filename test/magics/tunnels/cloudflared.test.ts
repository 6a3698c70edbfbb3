import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { cloudflaredProvider } from "../../../magics/tunnels/cloudflared.ts";
import type { TunnelRequest } from "../../../magics/tunnels/tunnel.ts";
import { isAlive, until } from "../../contracts/tunnel-bench.ts";
import { tunnelContract } from "../../contracts/tunnel-contract.ts";
import { startCloudflaredBench } from "../../support/cloudflared-bench.ts";

const never = new AbortController().signal;
const times = { openMs: 3_000, retryMs: 50, attempts: 2 };

function requestFor(port: number): TunnelRequest {
  return { port, token: undefined, domain: undefined, auth: undefined, environment: process.env };
}

describe("a named tunnel whose edge a fixture plays", () => {
  let temporary = "";
  const { TMPDIR = tmpdir() } = process.env;

  before(async () => {
    // The certificate of that edge is of its own making.
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    temporary = await mkdtemp(join(tmpdir(), "colabcode-test-"));
    process.env["TMPDIR"] = temporary;
  });
  after(async () => {
    delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    process.env["TMPDIR"] = TMPDIR;
    await rm(temporary, { recursive: true, force: true });
  });

  tunnelContract("cloudflared", startCloudflaredBench);

  it("leaves no token on the disk, whoever was killed meanwhile", async () => {
    await until("an empty folder", async () => (await readdir(temporary)).length === 0);
  });
});

/** Stands in for the real program, which comes from no package registry: the same arguments and words. */
async function standIn(folder: string, words: string): Promise<void> {
  const file = join(folder, "cloudflared");
  await writeFile(
    file,
    `#!/bin/sh
printf '%s\\n' "$@" > ${folder}/args
env > ${folder}/env
while [ $# -gt 1 ]; do shift; done
[ -e "$1" ] && cat "$1" > ${folder}/token-seen && ls -l "$1" > ${folder}/mode
echo "${words}" >&2
exec sleep 600
`,
  );
  await chmod(file, 0o755);
}

describe("cloudflared", { timeout: 120_000 }, () => {
  it("says where to get it when it is missing", async () => {
    const request = { ...requestFor(9), environment: { PATH: "/nowhere" } };
    await assert.rejects(cloudflaredProvider().open(request, never), {
      code: "NOT_INSTALLED",
      hint: /developers\.cloudflare\.com/,
    });
  });

  it("reads the URL of a quick tunnel", async () => {
    const folder = await mkdtemp(join(tmpdir(), "colabcode-cloudflared-test-"));
    try {
      await standIn(folder, "INF |  https://four-random-words-here.trycloudflare.com  |");
      const environment = { PATH: `${folder}:${process.env.PATH}` };
      const request = { ...requestFor(8123), environment };
      const tunnel = await cloudflaredProvider(times).open(request, never);
      assert.equal(tunnel.url, "https://four-random-words-here.trycloudflare.com");
      assert.equal(
        await readFile(join(folder, "args"), "utf8"),
        "tunnel\n--no-autoupdate\n--url\nhttp://127.0.0.1:8123\n",
      );
      await tunnel[Symbol.asyncDispose]();
      for (const pid of tunnel.pids) assert.equal(await isAlive(pid), false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("gives a named tunnel its token in a private file, and takes the domain as URL", async () => {
    const folder = await mkdtemp(join(tmpdir(), "colabcode-cloudflared-test-"));
    try {
      await standIn(folder, "INF Registered tunnel connection connIndex=0");
      const environment = {
        PATH: `${folder}:${process.env.PATH}`,
        TUNNEL_TOKEN: "a-cloudflare-token",
      };
      const request = { ...requestFor(8123), environment, domain: "demo.example" };
      const tunnel = await cloudflaredProvider(times).open(request, never);
      assert.equal(tunnel.url, "https://demo.example");
      await tunnel[Symbol.asyncDispose]();
      const seen = await Promise.all(
        ["args", "env", "token-seen", "mode"].map((name) => readFile(join(folder, name), "utf8")),
      );
      assert.deepEqual(
        seen.map((text) => text.includes("a-cloudflare-token")),
        [false, false, true, false],
      );
      assert.match(seen[3] ?? "", /^-rw-------/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
