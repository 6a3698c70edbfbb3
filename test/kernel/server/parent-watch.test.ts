import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { watchParent } from "../../../kernel/server/parent-watch.ts";

test("watchParent() calls when a process that is not the parent itself ends", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  const gone = new Promise<void>((resolve) => watchParent(child.pid ?? 0, resolve));
  const hold = setTimeout(() => {}, 20_000);
  child.kill("SIGKILL");
  await gone;
  clearTimeout(hold);
  assert.notEqual(child.signalCode, undefined);
});
