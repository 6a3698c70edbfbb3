import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { run } from "../support/cell-outputs.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel } from "../support/start-kernel.ts";

const readme = readFileSync(join(repositoryRoot, "README.md"), "utf8");

test("README.md has the commands as they are; `node scripts/readme.mjs` writes them", async () => {
  const script = pathToFileURL(join(repositoryRoot, "scripts", "readme.mjs")).href;
  const { currentReadme } = (await import(script)) as { currentReadme(): Promise<string> };
  assert.equal(readme, await currentReadme());
});

test("README.md names only pictures and files that are there", () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, path]) => path ?? "");
  assert.ok(links.length >= 2);
  for (const link of links) assert.ok(existsSync(join(repositoryRoot, link)), link);
});

test("README.md's TypeScript runs in a notebook as it is printed", async () => {
  const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code ?? "");
  assert.ok(blocks.length > 0);
  await using kernel = await startKernel({ folder: join(repositoryRoot, "notebooks") });
  for (const block of blocks) {
    assert.match(await run(kernel, block), /http:\/\/127\.0\.0\.1:8001/);
  }
});
