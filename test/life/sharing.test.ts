import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { KernelClient } from "../../kernel/client/kernel-client.ts";
import { fail, linkIn, run } from "../support/cell-outputs.ts";
import { type Ingress, ingressToken, startIngress } from "../support/ngrok-ingress.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel } from "../support/start-kernel.ts";

const serve = `const app = (request, response) => response.end("hello");
%colabcode app --port 0`;

function startWith(environment: Readonly<Record<string, string>>): Promise<KernelClient> {
  const { NGROK_AUTHTOKEN: _, ...rest } = process.env;
  return startKernel({
    folder: join(repositoryRoot, "notebooks"),
    environment: { ...rest, ...environment },
  });
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}

test("with a token the public link comes first and answers; the token is nowhere", async () => {
  await using ingress: Ingress = await startIngress();
  await using kernel = await startWith(ingress.environment);
  const text = await run(kernel, serve, { cellId: "a" });
  assert.match(text, /public link/);
  assert.match(text, /local link/);
  assert.equal(await (await fetch(linkIn(text))).text(), "hello");
  assert.doesNotMatch(text, new RegExp(ingressToken));

  const again = await run(kernel, serve, { cellId: "a" });
  assert.equal(linkIn(again).href, linkIn(text).href);
  assert.equal(ingress.tunnels().length, 1);
  await run(kernel, "%colabcode stop");
  assert.equal(ingress.tunnels().length, 0);
});

test("--authtoken works and warns that it is in the notebook now", async () => {
  await using ingress = await startIngress();
  const { NGROK_AUTHTOKEN: token, ...environment } = ingress.environment;
  await using kernel = await startWith(environment);
  const text = await run(kernel, `${serve} --authtoken ${token}`);
  assert.match(text, /NGROK_AUTHTOKEN instead/);
  assert.match(text, /public link/);
  assert.doesNotMatch(text, new RegExp(ingressToken));
});

test("without a token the app is local, one line says how to share, and the cell is ok", async () => {
  await using kernel = await startWith({});
  const text = await run(kernel, serve);
  assert.match(text, /Local only\. To share it, set NGROK_AUTHTOKEN/);
  assert.equal(await (await fetch(linkIn(text))).text(), "hello");
});

test("a wrong token is one sentence without the token, and the app stays up", async () => {
  await using ingress = await startIngress();
  const wrong = "2wrongTokenThatNobodyHas0_9zzzzzzzzzzzzzzzzzzzzzz";
  await using kernel = await startWith({ ...ingress.environment, NGROK_AUTHTOKEN: wrong });
  const since = performance.now();
  const text = await run(kernel, serve);
  assert.ok(seconds(since) < 15);
  assert.match(text, /ERR_NGROK_107/);
  assert.match(text, /stays up locally/);
  assert.doesNotMatch(text, new RegExp(wrong));
  assert.equal(await (await fetch(linkIn(text))).text(), "hello");

  const named = await fail(kernel, `${serve} --tunnel ngrok`);
  assert.match(named.text, /ERR_NGROK_107/);
  assert.doesNotMatch(named.text, new RegExp(wrong));
  assert.equal(await (await fetch(linkIn(named.text))).text(), "hello");
});

test("a silent server and a closed network are said within 15 s, and the app stays up", async () => {
  await using ingress = await startIngress();
  for (const door of ["silent", "refusing"] as const) {
    ingress.door = door;
    await using kernel = await startWith(ingress.environment);
    await run(kernel, "1");
    const since = performance.now();
    const text = await run(kernel, serve);
    assert.ok(seconds(since) < 15, `${door}: ${seconds(since)} s`);
    assert.match(text, /stays up locally/);
    assert.equal(await (await fetch(linkIn(text))).text(), "hello");
  }
});
