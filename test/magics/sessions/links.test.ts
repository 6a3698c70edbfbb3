import assert from "node:assert/strict";
import { test } from "node:test";
import type { Session } from "../../../magics/sessions/session.ts";
import type { SessionState } from "../../../magics/sessions/session-view.ts";
import { Sessions } from "../../../magics/sessions/sessions.ts";
import type { SharePlan } from "../../../magics/sessions/share.ts";
import { ngrokProvider } from "../../../magics/tunnels/ngrok.ts";
import { makeProvider } from "../../support/command-bench.ts";
import { FixtureService } from "../../support/fixture-service.ts";
import { startIngress } from "../../support/ngrok-ingress.ts";
import { sessionPlan } from "../../support/session-plan.ts";
import { waitUntil } from "../../support/wait-until.ts";

async function open(sessions: Sessions, share: Partial<SharePlan>): Promise<Session> {
  return await sessions.open("one", sessionPlan(new FixtureService("hello"), { share }), {
    owner: { cellId: undefined, executionCount: 1 },
    signal: new AbortController().signal,
    onSession: () => {},
  });
}

test("a public link that changes is said aloud, with the one that is dead", async () => {
  await using sessions = new Sessions();
  const provider = makeProvider();
  let program = 0;
  const spied = {
    ...provider,
    open: async (...request: Parameters<typeof provider.open>) => {
      const tunnel = await provider.open(...request);
      [program = 0] = tunnel.pids;
      return tunnel;
    },
  };
  const session = await open(sessions, { wanted: "command", provider: spied });
  const { publicUrl: first, notes } = session.view();
  assert.deepEqual(notes, []);
  process.kill(program, "SIGKILL");
  await waitUntil("another link", () => ![first, undefined].includes(session.view().publicUrl));
  const again = session.view();
  assert.equal(again.state, "live");
  assert.deepEqual(again.notes, [`The public link has changed: ${first} leads here no more.`]);
  assert.equal(await (await fetch(again.publicUrl ?? "")).text(), "hello");
});

for (const cut of ["a dead line", "an outage", "a tunnel that was stopped unheard"] as const) {
  test(`${cut} turns the card within 20 s, and it comes back by itself at the same link`, async () => {
    await using ingress = await startIngress();
    await using sessions = new Sessions();
    const session = await open(sessions, {
      wanted: "ngrok",
      provider: ngrokProvider(),
      token: ingress.environment.NGROK_AUTHTOKEN,
      environment: ingress.environment,
    });
    const { publicUrl = "" } = session.view();
    if (cut === "a tunnel that was stopped unheard") {
      // After a reconnect of its own the agent hears of no stop: only a probe sees it.
      ingress.dropSessions();
      await waitUntil("a reconnect", () => ingress.counts.auths === 2 && ingress.tunnels().length);
    }
    const states: SessionState[] = [session.state];
    session.onChange(() => {
      if (states.at(-1) !== session.state) states.push(session.state);
    });
    await waitUntil("a live link", () => session.state === "live");
    const since = performance.now();
    if (cut === "a dead line") ingress.stall();
    else if (cut === "an outage") {
      ingress.door = "refusing";
      ingress.dropSessions();
    } else ingress.stopTunnel(publicUrl);
    await waitUntil("a card that says so", () => session.state === "reconnecting", 30_000);
    assert.ok(performance.now() - since < 20_000, `${performance.now() - since} ms`);
    ingress.door = "open";
    await waitUntil("a live card", () => session.state === "live", 40_000);
    assert.equal(states.at(-2), "reconnecting");
    assert.equal(session.view().publicUrl, publicUrl);
    assert.equal(await (await fetch(publicUrl)).text(), "hello");
    assert.equal(ingress.tunnels().length, 1);
  });
}

test("two accounts have an agent and a session each, for one process keeps to its first", async () => {
  const tokens = ["2aFirstTokenOfTheTests_7bOnly", "2bOtherTokenOfTheTests_7bOnly"];
  await using ingress = await startIngress({ tokens });
  await using sessions = new Sessions();
  for (const token of tokens) {
    const plan = sessionPlan(new FixtureService(token), {
      share: { wanted: "ngrok", token, environment: ingress.environment },
    });
    await sessions.open(token, plan, {
      owner: { cellId: undefined, executionCount: 1 },
      signal: new AbortController().signal,
      onSession: () => {},
    });
  }
  assert.equal(ingress.sessions().length, 2);
  for (const session of sessions.list()) {
    assert.equal(await (await fetch(session.view().publicUrl ?? "")).text(), session.name);
  }
});
