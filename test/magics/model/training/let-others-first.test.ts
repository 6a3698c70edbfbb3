import assert from "node:assert/strict";
import { once } from "node:events";
import { getPriority } from "node:os";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

const module = new URL("../../../../magics/model/training/let-others-first.js", import.meta.url)
  .href;
const program = `
import { readlinkSync } from "node:fs";
import { getPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { letOthersFirst } from ${JSON.stringify(module)};
const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
const before = getPriority(thread);
letOthersFirst();
parentPort.postMessage(getPriority(thread) - before);
`;

test("letOthersFirst() puts its thread back and leaves the others where they were", {
  skip: process.platform === "linux" ? false : "only Linux can do this for one thread",
}, async () => {
  const before = getPriority(process.pid);
  const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
  const worker = new Worker(url);
  const [difference] = await once(worker, "message");
  await worker.terminate();
  assert.equal(difference, Math.min(5, 19 - before));
  assert.equal(getPriority(process.pid), before);
});
