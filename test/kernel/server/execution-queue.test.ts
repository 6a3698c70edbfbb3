import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { ExecutionQueue } from "../../../kernel/server/execution-queue.ts";

test("ExecutionQueue runs 1,000 items in order, one at a time", async () => {
  const ran: number[] = [];
  let running = 0;
  let most = 0;
  await new Promise<void>((resolve) => {
    const queue = new ExecutionQueue<number>(async (item) => {
      running += 1;
      most = Math.max(most, running);
      if (item % 100 === 0) await turn();
      ran.push(item);
      running -= 1;
      if (item === 999) resolve();
    });
    for (let item = 0; item < 1_000; item++) queue.push(item);
  });
  assert.equal(most, 1);
  assert.deepEqual(
    ran,
    Array.from({ length: 1_000 }, (_, item) => item),
  );
});

test("ExecutionQueue.clear() gives back what waits and lets the running item end", async () => {
  const ran: string[] = [];
  let finish = () => {};
  const queue = new ExecutionQueue<string>(async (item) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    ran.push(item);
  });
  for (const item of ["a", "b", "c"]) queue.push(item);
  assert.deepEqual(queue.clear(), ["b", "c"]);
  finish();
  await turn();
  assert.deepEqual(ran, ["a"]);
  queue.push("d");
  finish();
  await turn();
  assert.deepEqual(ran, ["a", "d"]);
});
