import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { test } from "node:test";
import { userAppService } from "../../../magics/services/user-app.ts";
import type { Session } from "../../../magics/sessions/session.ts";
import { Sessions } from "../../../magics/sessions/sessions.ts";
import type { SharePlan } from "../../../magics/sessions/share.ts";
import { FixtureRunning, FixtureService } from "../../support/fixture-service.ts";
import { penguinService } from "../../support/penguin-service.ts";
import { sessionPlan } from "../../support/session-plan.ts";
import { waitUntil } from "../../support/wait-until.ts";

const throughAnotherName = (port: number) => `http://localhost:${port}`;

async function open(
  sessions: Sessions,
  service: Parameters<typeof sessionPlan>[0],
  share: Partial<SharePlan>,
): Promise<Session> {
  return await sessions.open("one", sessionPlan(service, { share }), {
    owner: { cellId: undefined, executionCount: 1 },
    signal: new AbortController().signal,
    onSession: () => {},
  });
}

class Unguarded extends FixtureService {
  override async start(port: number): Promise<FixtureRunning> {
    return Object.assign(await FixtureRunning.listen(port, "code", 200), { runsCode: true });
  }
}

test("what runs code is not shown to a network without a password, short of saying so", async () => {
  await using sessions = new Sessions();
  const options = {
    owner: { cellId: undefined, executionCount: 1 },
    signal: new AbortController().signal,
    onSession: () => {},
  };
  const plan = (share: Partial<SharePlan>) =>
    sessionPlan(new Unguarded(""), { host: "0.0.0.0", share });
  await assert.rejects(sessions.open("one", plan({}), options), {
    code: "PUBLIC_WITHOUT_PASSWORD",
    message: "Not at 0.0.0.0: whoever reached it could run code here without a password.",
  });
  assert.deepEqual(sessions.list(), []);
  const session = await sessions.open("one", plan({ isPublicByIntent: true }), options);
  assert.equal(session.state, "live");
});

async function statusFor(host: string, session: Session, path = "/healthz"): Promise<number> {
  const request = get(`${session.view().localUrl}${path}`, { headers: { host } });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
}

test("a local session refuses requests for another site's name, a shared one answers them", async () => {
  await using sessions = new Sessions();
  const local = await open(sessions, penguinService(), { wanted: "none" });
  await waitUntil("the refusal", async () => (await statusFor("evil.example", local)) === 403);
  assert.equal(await statusFor("localhost", local), 200);
  const shared = await open(sessions, penguinService(), { wanted: throughAnotherName });
  assert.equal(shared, local);
  await waitUntil("an answer", async () => (await statusFor("mine.example", shared)) === 200);
});

test("a local session in a place with a proxy of its own answers the proxy's names", async () => {
  await using sessions = new Sessions();
  const environment = { CODESPACES: "true" };
  const session = await open(sessions, penguinService(), { wanted: "none", environment });
  assert.equal(await statusFor("name-8000.app.github.dev", session), 200);
});

test("a password is asked for before the link is shown, and the link goes on working", async () => {
  await using sessions = new Sessions();
  const app = (_request: unknown, response: { end(text: string): void }) => response.end("inside");
  const auth = "ann:correct horse";
  const session = await open(sessions, userAppService(app, { auth }), {
    wanted: throughAnotherName,
    auth,
  });
  const { publicUrl = "" } = session.view();
  assert.equal((await fetch(publicUrl)).status, 401);
  const authorization = `Basic ${Buffer.from(auth).toString("base64")}`;
  assert.equal((await fetch(publicUrl, { headers: { authorization } })).status, 200);
});

test("a link to an app that does not ask for the password is not shown", async () => {
  await using sessions = new Sessions();
  const open401 = open(sessions, new FixtureService("hello"), {
    wanted: throughAnotherName,
    auth: "ann:correct horse",
  });
  await assert.rejects(open401, { code: "TUNNEL_UNPROVEN", message: /does not ask for the pass/ });
  const [session] = sessions.list();
  assert.equal(session?.view().publicUrl, undefined);
  assert.equal(session?.state, "live");
});

test("what runs code is not made public without a password, short of saying so", async () => {
  await using sessions = new Sessions();
  const wanted = throughAnotherName;
  await assert.rejects(open(sessions, new Unguarded(""), { wanted }), {
    code: "PUBLIC_WITHOUT_PASSWORD",
  });
  assert.equal(sessions.list()[0]?.view().publicUrl, undefined);
  await sessions.stop("one", "tried again");
  const session = await open(sessions, new Unguarded(""), { wanted, isPublicByIntent: true });
  assert.match(session.view().publicUrl ?? "", /^http:\/\/localhost:/);
});
