import assert from "node:assert/strict";
import { test } from "node:test";
import autocannon from "autocannon";
import { modelAppService } from "../../../magics/services/model-app.ts";
import { Sessions } from "../../../magics/sessions/sessions.ts";
import { sessionPlan } from "../../support/session-plan.ts";
import { penguinSchema, savedPenguins } from "../app/small-model.ts";

const loader = new URL("../app/small-model.js", import.meta.url).href;
const headers = { "content-type": "application/json" };
const body = JSON.stringify(penguinSchema.example);

test("a re-run under 300 requests/s fails none of them, and a re-run that fails leaves the old model", async () => {
  await using sessions = new Sessions();
  const open = (options: Record<string, unknown>) =>
    sessions.open("app", sessionPlan(modelAppService(savedPenguins(options), { loader })), {
      owner: { cellId: "a", executionCount: 1 },
      signal: new AbortController().signal,
      onSession: () => {},
    });
  const ask = async (url: string) => {
    const reply = await fetch(`${url}/predict`, { method: "POST", headers, body });
    return ((await reply.json()) as { prediction: string }).prediction;
  };
  const { localUrl = "" } = (await open({ always: "Adelie" })).view();
  const load = autocannon({
    url: `${localUrl}/predict`,
    method: "POST",
    headers,
    body,
    connections: 8,
    overallRate: 300,
    amount: 600,
  });
  assert.equal(await ask(localUrl), "Adelie");
  assert.equal((await open({ always: "Gentoo" })).view().localUrl, localUrl);
  assert.equal(await ask(localUrl), "Gentoo");
  await assert.rejects(open({ broken: true }), { code: "SERVICE_FAILED" });
  assert.equal(await ask(localUrl), "Gentoo");
  const { errors, timeouts, non2xx, requests } = await load;
  assert.deepEqual([errors, timeouts, non2xx, requests.total], [0, 0, 0, 600]);
});
