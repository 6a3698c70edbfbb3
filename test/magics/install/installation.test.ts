import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ensureInstalled, findInstalled } from "../../../magics/install/installation.ts";
import { runTool } from "../../../magics/install/tool.ts";
import { isRunning } from "../../support/process-facts.ts";
import { waitUntil } from "../../support/wait-until.ts";

let cache = "";
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "colabcode-test-"));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

function context(signal = new AbortController().signal) {
  const lines: string[] = [];
  return { signal, lines, onProgress: (text: string) => void lines.push(text) };
}

function thing(version: string, content: string) {
  return {
    name: "thing",
    title: "thing",
    version,
    async build(folder: string) {
      writeFileSync(join(folder, "content"), content);
    },
  };
}

const holderFile = fileURLToPath(new URL("../../support/install-holder.js", import.meta.url));

function startHolder(buildMs: number): ChildProcess & { lines: () => string[] } {
  const child = spawn(process.execPath, [holderFile, cache, String(buildMs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return Object.assign(child, { lines: () => text.split("\n") });
}

test("ensureInstalled() builds once and finds it afterwards", async () => {
  assert.equal(findInstalled(thing("1", ""), cache), undefined);
  const folder = await ensureInstalled(thing("1", "first"), context(), cache);
  assert.equal(folder, join(cache, "thing"));
  assert.equal(await ensureInstalled(thing("1", "second"), context(), cache), folder);
  assert.equal(readFileSync(join(folder, "content"), "utf8"), "first");
  assert.deepEqual(readdirSync(cache), ["thing"]);
});

test("ensureInstalled() replaces another version", async () => {
  await ensureInstalled(thing("1", "first"), context(), cache);
  const folder = await ensureInstalled(thing("2", "second"), context(), cache);
  assert.equal(readFileSync(join(folder, "content"), "utf8"), "second");
  assert.equal(findInstalled(thing("1", ""), cache), undefined);
  assert.deepEqual(readdirSync(cache), ["thing"]);
});

test("ensureInstalled() leaves the old version in place where the new one fails", async () => {
  await ensureInstalled(thing("1", "first"), context(), cache);
  const failing = { ...thing("2", ""), build: () => Promise.reject(new Error("no space")) };
  await assert.rejects(ensureInstalled(failing, context(), cache), { message: "no space" });
  assert.equal(findInstalled(thing("1", ""), cache), join(cache, "thing"));
  assert.deepEqual(readdirSync(cache), ["thing"]);
});

test("ensureInstalled() leaves nothing half done, and no process, where it is aborted", async () => {
  const controller = new AbortController();
  let pid = 0;
  const slow = {
    ...thing("1", ""),
    async build(folder: string) {
      writeFileSync(join(folder, "half"), "");
      await runTool({
        task: "Installing thing",
        command: process.execPath,
        args: ["-e", "console.log(process.pid); setInterval(() => {}, 1e6)"],
        signal: controller.signal,
        onLine: (line) => {
          pid = Number(line);
          controller.abort(new Error("interrupted"));
        },
      });
    },
  };
  await assert.rejects(ensureInstalled(slow, context(controller.signal), cache), {
    message: "interrupted",
  });
  assert.deepEqual(readdirSync(cache), []);
  assert.ok(pid > 0);
  assert.equal(isRunning(pid), false);
});

test("two processes that install at once build once", async () => {
  const holders = [startHolder(400), startHolder(400)];
  await Promise.all(holders.map((holder) => once(holder, "close")));
  assert.equal(readFileSync(join(cache, "builds"), "utf8"), "built\n");
  for (const holder of holders) {
    assert.ok(holder.lines().includes(`installed ${join(cache, "thing")}`));
  }
  const waited = holders
    .flatMap((holder) => holder.lines())
    .filter((line) => /^waiting/.test(line));
  assert.equal(waited.length, 1);
  assert.match(waited[0] ?? "", /^waiting for another process \(pid \d+\) that installs thing$/);
});

test("ensureInstalled() takes over from a process that was killed while it installed", async () => {
  const holder = startHolder(60_000);
  await waitUntil("it builds", () => holder.lines().includes("building"));
  holder.kill("SIGKILL");
  await once(holder, "close");
  assert.equal(readdirSync(cache).length, 3); // Its lock, its half-done folder, its note.
  await ensureInstalled(thing("1", "mine"), context(), cache);
  assert.deepEqual(readdirSync(cache).sort(), ["builds", "thing"]);
});

test("a lock whose pid now belongs to another process is taken over", async () => {
  writeFileSync(join(cache, "thing.lock"), `${process.ppid} 1`);
  await ensureInstalled(thing("1", "mine"), context(), cache);
  assert.deepEqual(readdirSync(cache), ["thing"]);
});

test("runTool() rejects with the last lines of a tool that fails", async () => {
  const script = "for (let i = 1; i <= 20; i++) console.log('step ' + i); process.exit(2)";
  await assert.rejects(
    runTool({
      task: "Installing thing",
      command: process.execPath,
      args: ["-e", script],
      signal: new AbortController().signal,
      hint: "Try again.",
    }),
    (error: Error & { code?: string; hint?: string }) => {
      assert.equal(error.code, "NOT_INSTALLED");
      assert.equal(error.hint, "Try again.");
      const lines = error.message.split("\n");
      assert.equal(lines[0], `Installing thing failed: ${process.execPath} exited with code 2.`);
      assert.deepEqual([lines[1], lines.at(-1)], ["step 6", "step 20"]);
      return true;
    },
  );
});
