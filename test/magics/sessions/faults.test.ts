import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { jupyterLabService } from "../../../magics/services/jupyterlab.ts";
import type { Session } from "../../../magics/sessions/session.ts";
import { Sessions } from "../../../magics/sessions/sessions.ts";
import { freePort } from "../../support/free-port.ts";
import { startIngress } from "../../support/ngrok-ingress.ts";
import { penguinService } from "../../support/penguin-service.ts";
import { descendants, isPortFree } from "../../support/process-facts.ts";
import { sessionPlan } from "../../support/session-plan.ts";
import { useTestEnvironment } from "../../support/test-environment.ts";
import { waitUntil } from "../../support/wait-until.ts";

const owner = { cellId: undefined, executionCount: 1 };

test("a start that is cancelled at any of its steps leaves no process, port or tunnel", async () => {
  await using ingress = await startIngress();
  const share = { wanted: "ngrok", token: ingress.environment.NGROK_AUTHTOKEN };
  const cancelled: string[] = [];
  for (let step = 1; ; step++) {
    await using sessions = new Sessions();
    const abort = new AbortController();
    const port = await freePort();
    let changes = 0;
    let session: Session | undefined;
    const plan = sessionPlan(penguinService(), {
      port,
      share: { ...share, environment: ingress.environment },
    });
    const opening = sessions.open("one", plan, {
      owner,
      signal: abort.signal,
      onSession: (opened) => {
        session = opened;
        opened.onChange(() => {
          if (++changes !== step || opened.state !== "starting") return;
          cancelled.push(opened.view().progress?.text ?? "between two steps");
          abort.abort();
        });
      },
    });
    const isOpen = await opening.then(
      () => true,
      () => false,
    );
    if (isOpen) break;
    assert.equal(session?.state, "ended");
    assert.match(session?.view().endReason ?? "", /interrupted while it started/);
    assert.equal(await isPortFree(port), true);
    await waitUntil("the tunnel's end", () => ingress.tunnels().length === 0);
  }
  assert.deepEqual(cancelled.map((text) => text.replace(/http\S+/, "URL")).filter(isStep), [
    "checking that it answers",
    "opening a public link with ngrok",
    "checking URL",
  ]);
  await waitUntil("the end of all processes", () => descendants(process.pid).length === 0);
});

function isStep(text: string): boolean {
  return text !== "between two steps";
}

test("a port that is taken between check and listen is named, and nothing is left", async () => {
  useTestEnvironment();
  await using sessions = new Sessions();
  const port = await freePort();
  const rival = createServer();
  const opening = sessions.open("lab", sessionPlan(jupyterLabService({}), { port }), {
    owner,
    signal: new AbortController().signal,
    onSession: (session) => {
      session.onChange(() => {
        if (session.view().progress?.text === "starting JupyterLab" && !rival.listening) {
          rival.listen(port, "127.0.0.1");
        }
      });
    },
  });
  await assert.rejects(opening, { code: "PORT_IN_USE", message: /held by this process/ });
  rival.close();
  await once(rival, "close");
  assert.deepEqual(sessions.list(), []);
  await waitUntil("the end of all processes", () => descendants(process.pid).length === 0);
});
