import assert from "node:assert/strict";
import { test } from "node:test";
import type { CellInfo, Host } from "../../../kernel/extension.ts";
import type { RunningService, StartContext } from "../../../magics/services/service.ts";
import type { Session } from "../../../magics/sessions/session.ts";
import type { SessionPlan } from "../../../magics/sessions/session-plan.ts";
import { Sessions } from "../../../magics/sessions/sessions.ts";
import { FixtureRunning, FixtureService } from "../../support/fixture-service.ts";
import { sessionPlan } from "../../support/session-plan.ts";

const signal = new AbortController().signal;

const plan = (service: FixtureService) => sessionPlan(service);

function open(sessions: Sessions, name: string, thePlan: SessionPlan, cellId?: string) {
  return sessions.open(name, thePlan, {
    owner: { cellId, executionCount: 1 },
    signal,
    onSession: () => {},
  });
}

async function textOf(session: Session): Promise<string> {
  const response = await fetch(`${session.view().localUrl}/`);
  return await response.text();
}

async function isRefused(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/`).then(
    () => false,
    () => true,
  );
}

/** A host that only carries the listeners, so that cells can be played. */
class Cells {
  readonly starts: ((cell: CellInfo) => unknown)[] = [];
  readonly ends: ((cell: CellInfo, outcome: "ok" | "error" | "interrupted") => unknown)[] = [];
  readonly deletions: ((ids: readonly string[]) => unknown)[] = [];

  attach(sessions: Sessions): void {
    const listeners = {
      onCellStart: (listener: (cell: CellInfo) => unknown) => this.starts.push(listener),
      onCellEnd: (listener: (typeof this.ends)[number]) => this.ends.push(listener),
      onCellsDeleted: (listener: (typeof this.deletions)[number]) => this.deletions.push(listener),
      onShutdown: () => {},
    };
    // `attach` uses nothing else of a host.
    sessions.attach(listeners as unknown as Host);
  }

  async run(
    cellId: string,
    body: () => Promise<unknown>,
    outcome: "ok" | "error" = "ok",
  ): Promise<void> {
    const cell: CellInfo = { execution: 1, executionCount: 1, cellId };
    for (const listener of this.starts) await listener(cell);
    await body();
    for (const listener of this.ends) await listener(cell, outcome);
  }

  async delete(...ids: string[]): Promise<void> {
    for (const listener of this.deletions) await listener(ids);
  }
}

test("Sessions starts a session that answers, and frees its port at the end", async () => {
  await using sessions = new Sessions();
  const session = await open(sessions, "one", plan(new FixtureService("hello")));
  const port = session.port ?? 0;
  assert.equal(session.view().state, "live");
  assert.equal(await textOf(session), "hello");
  assert.deepEqual(await sessions.stop("one", "stopped by you"), ["one"]);
  assert.equal(session.view().state, "ended");
  assert.equal(session.view().endReason, "stopped by you");
  assert.equal(await isRefused(port), true);
  assert.deepEqual(sessions.list(), []);
});

test("Sessions restarts a session of the same name on its port", async () => {
  await using sessions = new Sessions();
  const first = await open(sessions, "one", plan(new FixtureService("old")));
  const port = first.port;
  const second = await open(sessions, "one", plan(new FixtureService("new")));
  assert.equal(second, first);
  assert.equal(second.port, port);
  assert.equal(await textOf(second), "new");
  assert.equal(sessions.list().length, 1);
});

test("Sessions swaps the service in place where it can be replaced", async () => {
  await using sessions = new Sessions();
  await open(sessions, "one", plan(new FixtureService("old", { canReplace: true })));
  const next = new FixtureService("new", { canReplace: true });
  const session = await open(sessions, "one", plan(next));
  assert.equal(await textOf(session), "new");
  assert.deepEqual([next.starts, next.replaces], [0, 1]);
});

test("Sessions leaves the old service answering when a replacement fails", async () => {
  await using sessions = new Sessions();
  const session = await open(
    sessions,
    "one",
    plan(new FixtureService("old", { canReplace: true })),
  );
  const broken = new FixtureService("new", { canReplace: true, failsToStart: true });
  await assert.rejects(open(sessions, "one", plan(broken)), /does not start/);
  assert.equal(session.view().state, "live");
  assert.equal(await textOf(session), "old");
});

test("Sessions keeps nothing of a session that did not start", async () => {
  await using sessions = new Sessions();
  const broken = new FixtureService("", { failsToStart: true });
  await assert.rejects(open(sessions, "one", plan(broken)), /does not start/);
  assert.deepEqual(sessions.list(), []);
});

test("Sessions lets twenty starts of one name at once end as one session", async () => {
  await using sessions = new Sessions();
  const opened = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      open(sessions, "one", plan(new FixtureService(String(index), { canReplace: true }))),
    ),
  );
  assert.equal(new Set(opened).size, 1);
  const [session] = opened;
  assert.ok(session);
  assert.equal(await textOf(session), "19");
});

test("Sessions says in the view why a service died", async () => {
  await using sessions = new Sessions();
  let running: FixtureRunning | undefined;
  class Mortal extends FixtureService {
    override async start(port: number): Promise<FixtureRunning> {
      running = await super.start(port);
      return running;
    }
  }
  const session = await open(sessions, "one", plan(new Mortal("hello")));
  await running?.die("it ran out of luck");
  assert.deepEqual(await session.ended, { asked: false, reason: "it ran out of luck" });
  assert.equal(session.view().endReason, "it ran out of luck");
  assert.deepEqual(sessions.list(), []);
});

test("Sessions ends what it began when the start is aborted", async () => {
  await using sessions = new Sessions();
  const abort = new AbortController();
  let running: RunningService | undefined;
  class Slow extends FixtureService {
    override async start(port: number, _context?: StartContext): Promise<FixtureRunning> {
      const started = await super.start(port);
      running = started;
      abort.abort();
      return started;
    }
  }
  await assert.rejects(
    sessions.open("one", plan(new Slow("hello")), {
      owner: { cellId: undefined, executionCount: 1 },
      signal: abort.signal,
      onSession: () => {},
    }),
  );
  assert.equal(await isRefused(running?.port ?? 0), true);
  assert.deepEqual(sessions.list(), []);
});

test("a session ends when its cell is run again without the command", async () => {
  await using sessions = new Sessions();
  const cells = new Cells();
  cells.attach(sessions);
  const service = new FixtureService("hello", { canReplace: true });
  await cells.run("a", () => open(sessions, "one", plan(service), "a"));
  await cells.run("b", async () => {});
  assert.equal(sessions.list().length, 1);
  await cells.run("a", () => open(sessions, "one", plan(service), "a"));
  assert.equal(sessions.list().length, 1);
  const [session] = sessions.list();
  await cells.run("a", async () => {});
  assert.equal(session?.view().endReason, "its cell was run again without the command");
});

test("a session stays when its cell fails before the command", async () => {
  await using sessions = new Sessions();
  const cells = new Cells();
  cells.attach(sessions);
  await cells.run("a", () => open(sessions, "one", plan(new FixtureService("hello")), "a"));
  await cells.run("a", async () => {}, "error");
  assert.equal(sessions.list().length, 1);
});

test("a session ends when its cell is deleted, others stay", async () => {
  await using sessions = new Sessions();
  const cells = new Cells();
  cells.attach(sessions);
  await cells.run("a", () => open(sessions, "one", plan(new FixtureService("1")), "a"));
  await cells.run("b", () => open(sessions, "two", plan(new FixtureService("2")), "b"));
  await cells.delete("a", "unknown");
  assert.deepEqual(
    sessions.list().map(({ name }) => name),
    ["two"],
  );
});

test("a session of another port replaces the one of its cell", async () => {
  await using sessions = new Sessions();
  const cells = new Cells();
  cells.attach(sessions);
  await cells.run("a", () => open(sessions, "app-1", plan(new FixtureService("1")), "a"));
  await cells.run("a", () => open(sessions, "app-2", plan(new FixtureService("2")), "a"));
  assert.deepEqual(
    sessions.list().map(({ name }) => name),
    ["app-2"],
  );
});

test("Sessions names the nearest session when there is none of that name", async () => {
  await using sessions = new Sessions();
  await open(sessions, "app-8000", plan(new FixtureService("1")));
  assert.throws(() => sessions.get("app-800"), {
    code: "NO_SUCH_SESSION",
    message: 'There is no session "app-800".',
    hint: "Running: app-8000. Did you mean app-8000?",
  });
});

test("a session ends after its time to live", async () => {
  await using sessions = new Sessions();
  const session = await open(sessions, "one", { ...plan(new FixtureService("1")), ttlMs: 50 });
  assert.match((await session.ended).reason, /--ttl/);
});

test("a session ends when nobody asks for the idle time", async () => {
  await using sessions = new Sessions();
  const session = await open(sessions, "one", { ...plan(new FixtureService("1")), idleMs: 100 });
  assert.match((await session.ended).reason, /--idle/);
});
