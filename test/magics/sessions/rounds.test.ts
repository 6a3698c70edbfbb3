import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Service } from "../../../magics/services/service.ts";
import { userAppService } from "../../../magics/services/user-app.ts";
import { Sessions } from "../../../magics/sessions/sessions.ts";
import { freePort } from "../../support/free-port.ts";
import { penguinService } from "../../support/penguin-service.ts";
import { descendants } from "../../support/process-facts.ts";
import { sessionPlan } from "../../support/session-plan.ts";
import { waitUntil } from "../../support/wait-until.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void; // What the flag puts there.

const signal = new AbortController().signal;

/** On one port, for Node's fetch keeps a pool for every origin that it ever asked. */
const port = await freePort();

async function startAndStop(sessions: Sessions, service: Service, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await sessions.open("one", sessionPlan(service, { port }), {
      owner: { cellId: "a", executionCount: round },
      signal,
      onSession: () => {},
    });
    await sessions.stop("one", "stopped by the test");
  }
}

function measure(): { descriptors: number; processes: number; megabytes: number } {
  collectGarbage();
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    processes: descendants(process.pid).length,
    megabytes: process.memoryUsage().heapUsed / 1e6,
  };
}

test("500 rounds of start and stop leave no process, descriptor or megabyte behind", async () => {
  await using sessions = new Sessions();
  const app = userAppService((_request: unknown, response: { end(text: string): void }) =>
    response.end("hello"),
  );
  const model = penguinService();
  await startAndStop(sessions, app, 50);
  await startAndStop(sessions, model, 2);
  const before = measure();
  await startAndStop(sessions, app, 480);
  await startAndStop(sessions, model, 20);
  assert.equal(measure().processes, before.processes);
  assert.ok(measure().descriptors <= before.descriptors + 2);
  // Deadlines of requests that were answered hold what they were for until they are over.
  await waitUntil(
    "the memory's return",
    () => measure().megabytes < before.megabytes + 2,
    20_000,
  ).catch((error: unknown) => assert.fail(`${error} ${JSON.stringify([before, measure()])}`));
});
