import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { KernelClient } from "../../kernel/client/kernel-client.ts";
import { linkIn, run, textOf } from "../support/cell-outputs.ts";
import { freePort } from "../support/free-port.ts";
import { startIngress } from "../support/ngrok-ingress.ts";
import { descendants, isPortFree } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel } from "../support/start-kernel.ts";
import { waitUntil } from "../support/wait-until.ts";

const folder = join(repositoryRoot, "notebooks");
const app = (text: string) => `const app = (request, response) => response.end("${text}");\n`;

/** Runs a cell that is interrupted as soon as its outputs match. */
async function interruptAt(
  kernel: KernelClient,
  { code, cellId, pattern }: { code: string; cellId: string | undefined; pattern: RegExp },
): Promise<string> {
  let shown = "";
  const cell = kernel.execute(code, {
    ...(cellId === undefined ? {} : { cellId }),
    onOutput: (output) => {
      shown += textOf([output]);
    },
  });
  await waitUntil(`${pattern}`, () => pattern.test(shown));
  await kernel.interrupt();
  const { reply, outputs } = await cell;
  assert.equal(reply.status, "error");
  return textOf(outputs);
}

test("without cell ids a session is its name's: restarted by it, left by other cells, stopped by it", async () => {
  await using kernel = await startKernel({ folder });
  const serve = (text: string) => `${app(text)}%colabcode app --port 0 --name mine`;
  const link = linkIn(await run(kernel, serve("first")));
  assert.equal(linkIn(await run(kernel, serve("second"))).href, link.href);
  assert.equal(await (await fetch(link)).text(), "second");
  await run(kernel, "1 + 1");
  assert.equal((await fetch(link)).status, 200);
  assert.match(await run(kernel, "%colabcode status"), /mine +live/);
  assert.equal(await run(kernel, "%colabcode stop mine"), "Stopped mine.\n");
  assert.equal(await isPortFree(Number(link.port)), true);
});

test("sessions live through an interrupt while idle and while another cell runs", async () => {
  await using kernel = await startKernel({ folder });
  const links = [
    linkIn(await run(kernel, `${app("one")}%colabcode app --port 0`, { cellId: "a" })),
    linkIn(await run(kernel, `${app("two")}%colabcode app --port 0 --name two`)),
  ];
  await kernel.interrupt();
  const awaiting = { code: `console.log("runs"); await new Promise(() => {})`, pattern: /runs/ };
  await interruptAt(kernel, { ...awaiting, cellId: "b" });
  const spinning = { code: `console.log("spins"); while (true) {}`, pattern: /spins/ };
  await interruptAt(kernel, { ...spinning, cellId: undefined });
  const texts = await Promise.all(links.map(async (link) => (await fetch(link)).text()));
  assert.deepEqual(texts, ["one", "two"]);
});

for (const cellId of ["serve", undefined]) {
  test(`an interrupt of a starting cell ${cellId === undefined ? "without" : "with"} an id ends its session only`, async () => {
    await using ingress = await startIngress();
    const environment = { ...process.env, ...ingress.environment };
    await using kernel = await startKernel({ folder, environment });
    const other = linkIn(await run(kernel, `${app("other")}%colabcode app --port 0 --tunnel none`));
    const staying = descendants(kernel.pid);
    ingress.door = "silent";
    const port = await freePort();
    const code = `${app("mine")}%colabcode app --port ${port} --name mine`;
    const text = await interruptAt(kernel, { code, cellId, pattern: /opening a public link/ });
    assert.match(text, /○ mine · ended at \d\d:\d\d: interrupted while it started/);
    assert.equal(await isPortFree(port), true);
    await waitUntil("the end of its processes", () =>
      descendants(kernel.pid).every((pid) => staying.includes(pid)),
    );
    assert.equal(await (await fetch(other)).text(), "other");
    assert.equal((await run(kernel, "%colabcode status")).match(/ live /g)?.length, 1);
  });
}

test("close() ends a session of the API, and its cell without it ends the next", async () => {
  await using kernel = await startKernel({ folder });
  const code = `import { ColabCode } from "colabcode";
${app("from the API")}
const server = new ColabCode({ port: 0, tunnel: "none" });
const running = await server.runApp(app);
console.log(await (await fetch(running.url)).text(), "at", running.port);`;
  const portIn = (text: string) => Number(/from the API at (\d+)/.exec(text)?.[1]);
  const port = portIn(await run(kernel, code, { cellId: "api" }));
  assert.equal(await isPortFree(port), false);
  await run(kernel, "await running.close()", { cellId: "close" });
  assert.equal(await isPortFree(port), true);
  const next = portIn(await run(kernel, code, { cellId: "api" }));
  await run(kernel, "1 + 1", { cellId: "api" });
  assert.equal(await isPortFree(next), true);
  assert.match(await run(kernel, "%colabcode status"), /Nothing is running/);
});
