import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ColabCode } from "../../magics/index.ts";
import { linkIn, run } from "../support/cell-outputs.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel } from "../support/start-kernel.ts";

const hello = (_request: unknown, response: { end(text: string): void }) => response.end("hello");
let folder = "";

before(() => {
  // Below the repository, so that a program finds the package by its name.
  folder = mkdtempSync(join(repositoryRoot, "dist", "program-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("ColabCode serves a handler in a plain program and frees the port when closed", async () => {
  const server = await new ColabCode({ port: 0, tunnel: "none", code: false }).runApp(hello);
  assert.equal(await (await fetch(server.url)).text(), "hello");
  assert.equal(server.url, `http://127.0.0.1:${server.port}`);
  assert.equal(server.publicUrl, undefined);
  await server.close();
  await assert.rejects(fetch(server.url));
  assert.deepEqual(await server.ended, { asked: true, reason: "it was closed" });
});

test("ColabCode takes the names of the Python original", async () => {
  const server = await new ColabCode({ port: 0, tunnel: "none" }).run_app(hello);
  assert.equal((await fetch(server.url)).status, 200);
  await server[Symbol.asyncDispose]();
});

test("ColabCode shares by a function of the caller's own, called with the port", async () => {
  const tunnel = (port: number) => `http://localhost:${port}`;
  const server = await new ColabCode({ port: 0, tunnel }).runApp(hello);
  assert.equal(server.publicUrl, `http://localhost:${server.port}`);
  await server.close();
});

test("ColabCode says what can be served when it is given something else", async () => {
  await assert.rejects(new ColabCode({ port: 0, tunnel: "none" }).runApp(42), {
    name: "ColabCodeError",
    code: "BAD_APP",
  });
});

test("a program with a server ends by itself once it closed it", async () => {
  const file = join(folder, "program.mjs");
  writeFileSync(
    file,
    `import { ColabCode } from "colabcode";
const server = await new ColabCode({ port: 0, tunnel: "none" }).runApp((q, r) => r.end("hi"));
const answer = await fetch(server.url);
await server.close();
console.log("answer: " + await answer.text());
`,
  );
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0);
  assert.match(text, /answer: hi/);
});

test("new ColabCode().runApp(app) in a cell serves it with its variables", async () => {
  await using kernel = await startKernel({ folder });
  const text = await run(
    kernel,
    `import { ColabCode } from "colabcode";
let visits = 0;
const server = await new ColabCode({ port: 0, code: false, tunnel: "none" }).runApp(
  (request: unknown, response: { end(text: string): void }) => response.end(\`visit \${++visits}\`),
);
server.port`,
    { cellId: "a" },
  );
  const link = linkIn(text);
  assert.equal(await (await fetch(link)).text(), "visit 1");
  assert.match(await run(kernel, "visits"), /1/);
  await run(kernel, "await server.close()", { cellId: "b" });
  await assert.rejects(fetch(link));
});
