import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { linkIn, run } from "../support/cell-outputs.ts";
import { startIngress } from "../support/ngrok-ingress.ts";
import { descendants, isPortFree, isRunning } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel } from "../support/start-kernel.ts";
import { useTestEnvironment } from "../support/test-environment.ts";
import { waitUntil } from "../support/wait-until.ts";

const folder = join(repositoryRoot, "notebooks");
const app = (text: string) => `const app = (request, response) => response.end("${text}");
%colabcode app --port 0`;

test("twenty re-runs of a cell are one listener, one tunnel and one link", async () => {
  await using ingress = await startIngress();
  const environment = { ...process.env, ...ingress.environment };
  await using kernel = await startKernel({ folder, environment });
  const links = new Set<string>();
  for (let time = 1; time <= 20; time++) {
    links.add(linkIn(await run(kernel, app(`run ${time}`), { cellId: "serve" })).href);
  }
  assert.equal(links.size, 1);
  const [link = ""] = links;
  assert.equal(await (await fetch(link)).text(), "run 20");
  assert.equal(ingress.tunnels().length, 1);
  assert.equal(ingress.counts.binds, 1);
  const rows = (await run(kernel, "%colabcode status")).match(/ live /g);
  assert.equal(rows?.length, 1);
});

test("two notebooks at once hold sessions of the same name, and end their own only", async () => {
  await using first = await startKernel({ folder });
  await using second = await startKernel({ folder });
  const cell = { cellId: "serve" };
  const name = `${app("first")} --name mine`;
  const firstLink = linkIn(await run(first, name, cell));
  const secondLink = linkIn(await run(second, name.replace("first", "second"), cell));
  assert.notEqual(firstLink.port, secondLink.port);
  assert.equal(await run(first, "%colabcode stop mine"), "Stopped mine.\n");
  assert.equal(await isPortFree(Number(firstLink.port)), true);
  assert.equal(await (await fetch(secondLink)).text(), "second");
  await second.shutdown();
  assert.equal(await isPortFree(Number(secondLink.port)), true);
});

test("an app, VS Code and JupyterLab live at once, and end with the kernel", async () => {
  useTestEnvironment();
  const empty = mkdtempSync(join(tmpdir(), "colabcode-many-"));
  try {
    const kernel = await startKernel({ folder: empty });
    const links = [
      linkIn(await run(kernel, app("hello"), { cellId: "app" })),
      linkIn(await run(kernel, "%colabcode code --port 0", { cellId: "code" })),
      linkIn(await run(kernel, "%colabcode lab --port 0", { cellId: "lab" })),
    ];
    for (const link of links) assert.equal((await fetch(link)).status, 200);
    assert.equal((await run(kernel, "%colabcode status")).match(/ live /g)?.length, 3);
    const pids = [kernel.pid, ...descendants(kernel.pid)];
    await kernel.shutdown();
    await waitUntil("the end of all processes", () => !pids.some(isRunning), 3_000);
    for (const { port } of links) assert.equal(await isPortFree(Number(port)), true);
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
});
