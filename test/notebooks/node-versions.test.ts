import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { freePort } from "../support/free-port.ts";
import { nodeProgram, nodeVersions } from "../support/node-versions.ts";
import { isPortFree } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";

const run = promisify(execFile);
const main = join(repositoryRoot, "dist", "kernel", "main.js");
const notebook = join(repositoryRoot, "notebooks", "quickstart.ipynb");

for (const version of nodeVersions) {
  test(`quickstart trains, serves and is asked on Node ${version}`, async () => {
    const port = await freePort();
    const { stdout } = await run(nodeProgram(version), [main, "run", notebook], {
      env: { ...process.env, COLABCODE_PORT: String(port) },
      timeout: 120_000,
    });
    assert.match(stdout, /% right/);
    assert.match(stdout, new RegExp(`http://127\\.0\\.0\\.1:${port}/`));
    assert.match(stdout, /422/);
    assert.equal(await isPortFree(port), true);
  });
}
