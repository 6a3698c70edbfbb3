import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { freePort } from "../support/free-port.ts";
import { isPortFree } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { testEnvironmentBin } from "../support/test-environment.ts";

const run = promisify(execFile);
let folder = "";

before(() => {
  folder = mkdtempSync(join(tmpdir(), "colabcode quickstart "));
});
after(() => rmSync(folder, { recursive: true, force: true }));

interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: string | readonly string[];
    readonly outputs?: readonly { readonly output_type: string }[];
  }[];
}

test("quickstart is executed by nbclient, cell by cell, and leaves no port", async () => {
  const main = join(repositoryRoot, "dist", "kernel", "main.js");
  await run(process.execPath, [main, "install", "--prefix", folder]);
  const port = await freePort();
  const output = join(folder, "executed.ipynb");
  await run(
    join(testEnvironmentBin, "jupyter"),
    ["execute", join(repositoryRoot, "notebooks", "quickstart.ipynb"), `--output=${output}`],
    {
      env: {
        ...process.env,
        JUPYTER_PATH: join(folder, "share", "jupyter"),
        COLABCODE_PORT: String(port),
      },
      timeout: 120_000,
    },
  );
  const notebook = JSON.parse(readFileSync(output, "utf8")) as Notebook;
  const cells = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  assert.equal(cells.length, 6);
  for (const cell of cells) {
    assert.ok((cell.outputs ?? []).length > 0, `no output of: ${[cell.source].flat().join("")}`);
  }
  const text = JSON.stringify(notebook);
  assert.match(text, /Gentoo/);
  assert.match(text, new RegExp(`http://127\\.0\\.0\\.1:${port}/`));
  assert.match(text, /422/);
  assert.equal(await isPortFree(port), true);
});
