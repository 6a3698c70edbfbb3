import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { KernelClient } from "../../../kernel/client/kernel-client.ts";
import type { Message } from "../../../kernel/protocol/message.ts";
import { linkIn, run } from "../../support/cell-outputs.ts";
import { ingressToken, startIngress } from "../../support/ngrok-ingress.ts";
import { repositoryRoot } from "../../support/repository-root.ts";
import { startKernel } from "../../support/start-kernel.ts";

const app = `const app = (request, response) => response.end("hello from Colab");
%colabcode app --port 0`;

/** A kernel as Colab starts it, without a token but with an ingress to use one at. */
function startInColab(environment: Readonly<Record<string, string>>): Promise<KernelClient> {
  return startKernel({
    folder: join(repositoryRoot, "notebooks"),
    environment: {
      ...process.env,
      ...environment,
      NGROK_AUTHTOKEN: undefined,
      HOME: "/nowhere",
      XDG_CONFIG_HOME: "/nowhere",
      COLAB_RELEASE_TAG: "release-colab",
    },
  });
}

/** Answers as Colab's page does, with what `answer` makes of the name of a secret; gives all that was asked. */
function answerAsColab(kernel: KernelClient, answer: (key: string) => object): Message[] {
  const asked: Message[] = [];
  kernel.onBroadcast((message) => {
    if (message.header.msg_type !== "colab_request") return;
    asked.push(message);
    const { key } = message.content.request as { key: string }; // As Colab's own library asks.
    const { colab_msg_id } = message.metadata;
    const value = { type: "colab_reply", colab_msg_id, ...answer(key) };
    kernel.send("input_reply", { value }, { channel: "stdin" });
  });
  return asked;
}

const allowed = { data: { exists: true, access: true, payload: ingressToken } };

test("Colab's secret NGROK_AUTHTOKEN opens a public link, and is shown nowhere", async () => {
  await using ingress = await startIngress();
  await using kernel = await startInColab(ingress.environment);
  const messages: Message[] = [];
  kernel.onBroadcast((message) => messages.push(message));
  const asked = answerAsColab(kernel, () => allowed);
  const text = await run(kernel, app);
  assert.match(text, /public link/);
  assert.equal(await (await fetch(linkIn(text))).text(), "hello from Colab");
  assert.equal(asked.length, 1);
  assert.deepEqual(asked[0]?.content, { request: { key: "NGROK_AUTHTOKEN" } });
  assert.equal(asked[0]?.metadata.colab_request_type, "GetSecret");
  assert.deepEqual(Object.keys(asked[0]?.parentHeader ?? {}), ["session"]);
  assert.doesNotMatch(JSON.stringify(messages), new RegExp(ingressToken));
});

test("a secret that is refused, missing or broken leaves the app with its private link", async () => {
  await using ingress = await startIngress();
  await using kernel = await startInColab(ingress.environment);
  const answers = [
    { data: { exists: true, access: false } },
    { data: { exists: false, access: true } },
    { data: "not an object" },
    { error: "no such request" },
  ];
  let turn = 0;
  const asked = answerAsColab(kernel, () => answers[turn] ?? {});
  for (; turn < answers.length; turn++) {
    const text = await run(kernel, app, { cellId: "serve" });
    assert.match(text, /Private link/);
    assert.doesNotMatch(text, /public link/);
  }
  assert.equal(asked.length, answers.length);
  assert.equal(ingress.counts.dials, 0);
});

test("a page that never answers holds up one start for ten seconds, later ones for one", async () => {
  await using kernel = await startInColab({});
  for (const limitMs of [15_000, 6_000]) {
    const since = performance.now();
    assert.match(await run(kernel, app, { cellId: "serve" }), /Private link/);
    assert.ok(performance.now() - since < limitMs);
  }
});

test("an answer of Colab's is no answer to a question that a cell asks its user", async () => {
  await using kernel = await startInColab({});
  const onInput = () => {
    for (const value of [{ type: "colab_reply", colab_msg_id: "other", data: "no" }, ["no"], 5]) {
      kernel.send("input_reply", { value }, { channel: "stdin" });
    }
    return "Ada";
  };
  assert.match(await run(kernel, `prompt("name?")`, { onInput }), /Ada/);
});
