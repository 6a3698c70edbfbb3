import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { ExecuteResult, KernelClient } from "../../kernel/client/kernel-client.ts";
import { linkIn, run, textOf } from "../support/cell-outputs.ts";
import { Conversation } from "../support/conversation.ts";
import { startIngress } from "../support/ngrok-ingress.ts";
import { commandOf, descendants, isPortFree } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel } from "../support/start-kernel.ts";
import { waitUntil } from "../support/wait-until.ts";

const folder = join(repositoryRoot, "notebooks");
const app = `const app = (request, response) => response.end("hello from the cell");\n`;

async function serve(kernel: KernelClient, line: string): Promise<ExecuteResult> {
  const result = await kernel.execute(app + line, { cellId: "serve" });
  assert.equal(result.reply.status, "ok", textOf(result.outputs));
  return result;
}

/** The cell's card, as it is when it says this. */
function cardSays({ outputs }: ExecuteResult, pattern: RegExp, deadlineMs = 10_000) {
  return waitUntil(
    `a card that says ${pattern}`,
    () => pattern.test(textOf(outputs)) && textOf(outputs),
    deadlineMs,
  );
}

test("--ttl ends a session, and its card says so", async () => {
  await using kernel = await startKernel({ folder });
  const cell = await serve(kernel, "%colabcode app --port 0 --ttl 1s");
  const port = Number(linkIn(textOf(cell.outputs)).port);
  await cardSays(cell, /○ .* ended at .*: its 1 s are over \(--ttl\)/);
  assert.equal(await isPortFree(port), true);
});

test("a card is one display all its life, counts, and changes at most four times a second", async () => {
  await using kernel = await startKernel({ folder });
  const seen: { id: string; at: number }[] = [];
  kernel.onBroadcast(({ header, content }) => {
    if (!/display_data$/.test(header.msg_type)) return;
    const { display_id } = content.transient as { display_id: string }; // As the protocol has it.
    seen.push({ id: display_id, at: performance.now() });
  });
  const cell = await serve(kernel, "%colabcode app --port 0 --name counted");
  const link = linkIn(textOf(cell.outputs));
  for (let count = 0; count < 100; count++) await (await fetch(link)).text();
  await cardSays(cell, /requests {2}100, no errors/);
  await run(kernel, "%colabcode stop counted");
  await cardSays(cell, /○ counted · ended at .*: stopped by you/);
  assert.equal(new Set(seen.map(({ id }) => id)).size, 1);
  for (const { at } of seen) {
    const within = seen.filter((other) => other.at >= at && other.at < at + 1_000);
    assert.ok(within.length <= 5, "four updates a second, besides the showing itself");
  }
});

test("--idle ends a session that nobody asks, and not one that is asked", async () => {
  await using kernel = await startKernel({ folder });
  const cell = await serve(kernel, "%colabcode app --port 0 --idle 2s");
  const link = linkIn(textOf(cell.outputs));
  const until = Date.now() + 3_000;
  await waitUntil("requests for three seconds", async () => {
    assert.equal((await fetch(link)).status, 200);
    return Date.now() > until;
  });
  await cardSays(cell, /nobody asked for 2 s \(--idle\)/);
  assert.equal(await isPortFree(Number(link.port)), true);
});

test("a model app that is killed is told of on its card, with the reason", async () => {
  await using kernel = await startKernel({ folder });
  await run(kernel, "%colabcode train npm:vega-datasets/data/penguins.json --target Species");
  const cell = await kernel.execute("%colabcode app --port 0", { cellId: "serve" });
  const service = descendants(kernel.pid).find((pid) => commandOf(pid).includes("model-app"));
  assert.ok(service);
  process.kill(service, "SIGKILL");
  await cardSays(cell, /○ .* ended at .*: .*was ended by SIGKILL/);
  assert.match(await run(kernel, "%colabcode status"), /Nothing is running/);
});

test("a card says that its runtime was killed, and holds no link any more", async () => {
  await using kernel = await startKernel({ folder });
  const cell = await serve(kernel, "%colabcode app --port 0");
  const link = linkIn(textOf(cell.outputs));
  process.kill(Number(await run(kernel, "process.pid")), "SIGKILL");
  const card = await cardSays(cell, /○ .* · ended: the notebook's runtime died/);
  assert.doesNotMatch(card, /http/);
  await waitUntil("a free port", () => isPortFree(Number(link.port)), 3_000);
  assert.match(await run(kernel, "%colabcode status"), /killed \(SIGKILL\).*Nothing is running/s);
});

test("a card that a page paints is kept in the notebook as one that has ended", async () => {
  await using kernel = await startKernel({ folder });
  const conversation = new Conversation(kernel);
  const cell = await serve(kernel, "%colabcode app --port 0 --name mine");
  assert.match(textOf(cell.outputs), /● mine · live since \d\d:\d\d, as of \d\d:\d\d\n/);
  const opened = await conversation.until(({ header }) => header.msg_type === "comm_open");
  const { comm_id } = opened.content;
  kernel.send("comm_msg", { comm_id, data: { method: "custom", content: { ask: "paint" } } });
  const kept = await cardSays(cell, /○ mine · ended: its kernel is gone; last seen live at/);
  assert.doesNotMatch(kept, /http/);
  const painted = await conversation.until(
    ({ header, content }) =>
      header.msg_type === "comm_msg" && /● mine/.test(textInHtml(JSON.stringify(content.data))),
  );
  assert.match(
    textInHtml(JSON.stringify(painted.content.data)),
    /● mine live since \d\d:\d\d http/,
  );
  await run(kernel, "%colabcode stop mine");
  await cardSays(cell, /○ mine · ended at \d\d:\d\d: stopped by you/);
});

function textInHtml(html: string): string {
  return html
    .replace(/<style>.*?<\/style>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
}

test("a tunnel agent that is killed comes back behind the same session", async () => {
  await using ingress = await startIngress();
  const environment = { ...process.env, ...ingress.environment };
  await using kernel = await startKernel({ folder, environment });
  const cell = await serve(kernel, "%colabcode app --port 0");
  const link = linkIn(textOf(cell.outputs));
  assert.equal(await (await fetch(link)).text(), "hello from the cell");
  const agent = agentOf(kernel);
  assert.ok(agent);
  process.kill(agent, "SIGKILL");
  await waitUntil("another agent", () => ![agent, undefined].includes(agentOf(kernel)), 20_000);
  await cardSays(cell, /● .* live since/, 20_000);
  const again = linkIn(textOf(cell.outputs));
  const answer = await waitUntil("an answer", async () => {
    const response = await fetch(again);
    return response.status === 200 && response.text();
  });
  assert.equal(answer, "hello from the cell");
  assert.equal(ingress.tunnels().length, 1);
});

function agentOf(kernel: KernelClient): number | undefined {
  return descendants(kernel.pid).find((pid) => commandOf(pid).includes("ngrok-agent"));
}
