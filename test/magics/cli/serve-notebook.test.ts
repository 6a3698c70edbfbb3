import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CommandLine } from "../../support/command-line.ts";
import { isPortFree } from "../../support/process-facts.ts";

let folder = "";

before(() => {
  folder = mkdtempSync(join(tmpdir(), "colabcode nb "));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function writeNotebook(name: string, ...sources: string[]): void {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    outputs: [],
    execution_count: null,
    source,
  }));
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
  writeFileSync(join(folder, name), JSON.stringify(notebook));
}

const app = 'const app = (request, response) => response.end("hello from a notebook");';

test("colabcode app NOTEBOOK serves what the notebook serves, until SIGTERM", async () => {
  writeNotebook("served.ipynb", app, "%colabcode app");
  const serving = await new CommandLine(folder).serve("app", "served.ipynb", "--port", "0");
  assert.equal(await (await fetch(serving.session.url)).text(), "hello from a notebook");
  serving.child.kill("SIGTERM");
  assert.equal(await serving.exit(), 0);
  assert.equal(await isPortFree(serving.session.port), true);
});

test("colabcode app NOTEBOOK ends when its session is stopped from another terminal", async () => {
  writeNotebook("stopped.ipynb", app, "%colabcode app --name mine");
  const terminal = new CommandLine(folder);
  const serving = await terminal.serve("app", "stopped.ipynb", "--port", "0");
  assert.match((await terminal.run("status")).out, /mine +live +pid \d+/);
  assert.equal((await terminal.run("stop", "mine")).out, "Stopped mine.\n");
  assert.equal(await serving.exit(), 0);
});

test("colabcode app NOTEBOOK fails where a cell fails or nothing is served", async () => {
  writeNotebook("failing.ipynb", 'throw new Error("no luck")');
  const failed = await new CommandLine(folder).run("app", "failing.ipynb");
  assert.equal(failed.code, 1);
  assert.match(failed.err, /Cell 1 failed: Error: no luck/);
  writeNotebook("idle.ipynb", "1 + 1");
  const idle = await new CommandLine(folder).run("app", "idle.ipynb");
  assert.equal(idle.code, 1);
  assert.match(idle.err, /idle\.ipynb ran, but serves nothing/);
});
