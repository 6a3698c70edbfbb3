import assert from "node:assert/strict";
import { test } from "node:test";
import { startNotebook } from "./test-notebook.ts";

const rows: [what: string, output: string][] = [
  ["an endless loop", "console.log('go'); for (;;);"],
  ["an endless loop that catches all", "console.log('go'); for (;;) { try { null.x } catch {} }"],
  [
    "an endless generator",
    "console.log('go'); for (const x of (function* () { for (;;) yield 1 })());",
  ],
  ["a pending await", "console.log('go'); await new Promise(() => undefined)"],
  [
    "an endless chain of microtasks",
    "console.log('go'); const next = () => Promise.resolve().then(next); await next()",
  ],
  ["an endless loop after an await", "await null; console.log('go'); for (;;);"],
  [
    "an endless loop below a timer",
    "setTimeout(() => { console.log('go'); for (;;); }, 1); await new Promise(() => undefined)",
  ],
  [
    "a synchronous sleep",
    "console.log('go'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  ],
  [
    "a synchronous sleep after an await",
    "await null; console.log('go'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  ],
  ["a blocking child process", "console.log('go'); require('child_process').execSync('sleep 100')"],
  [
    "a blocking child process after an await",
    "await null; console.log('go'); require('child_process').execSync('sleep 100')",
  ],
  [
    "a loop beside a child that has ended",
    "require('child_process').spawn('true'); console.log('go'); for (;;);",
  ],
  [
    "a loop beside a child that ignores interrupts",
    "require('child_process').spawn('sh', ['-c', 'trap \"\" INT TERM; sleep 100 & wait']); console.log('go'); for (;;);",
  ],
  ["a shell command", "await __shell__('echo go; sleep 100; echo never')"],
  ["a flood", "console.log('go'); for (;;) console.log('x'.repeat(100_000))"],
];

test("interrupt() ends every kind of cell with the variables kept", async (t) => {
  await using notebook = await startNotebook();
  await notebook.run("exports.kept = 'kept'");
  let execution = 1;
  for (const [what, output] of rows) {
    await t.test(what, async () => {
      const cell = notebook.error(output);
      execution++;
      const mine = execution;
      await notebook.untilText("stdout", "go");
      const start = performance.now();
      await notebook.runtime.interrupt();
      const took = performance.now() - start;
      const error = await cell;
      assert.equal(error.isInterrupt, true);
      assert.equal(error.ename, "Interrupted");
      // Room for one attempt that misses on a slow machine.
      assert.ok(took < 1400, `${what} took ${took} ms`);
      assert.ok(!notebook.hasText("stdout", "never", mine));
      assert.equal(await notebook.value("exports.value = exports.kept"), "'kept'");
      execution++;
      notebook.events.length = 0;
    });
  }
});

test("interrupt() while idle does nothing, and three in a row do no harm", async () => {
  await using notebook = await startNotebook();
  await notebook.runtime.interrupt();
  assert.equal(await notebook.value("exports.value = 1"), "1");
  const cell = notebook.error("console.log('go'); for (;;);");
  await notebook.untilText("stdout", "go");
  await Promise.all([1, 2, 3].map(() => notebook.runtime.interrupt()));
  assert.equal((await cell).isInterrupt, true);
  assert.equal(await notebook.value("exports.value = 2"), "2");
});

test("interrupt() before the code has begun ends the cell", async () => {
  await using notebook = await startNotebook();
  const cell = notebook.error("for (;;);");
  await notebook.runtime.interrupt();
  assert.equal((await cell).isInterrupt, true);
});

test("what an earlier cell left spinning is ended when the next one is interrupted", async () => {
  await using notebook = await startNotebook();
  await notebook.run("const next = () => Promise.resolve().then(next); next()");
  const cell = notebook.run("exports.value = 1");
  await notebook.runtime.interrupt();
  assert.equal((await cell).status, "error");
  assert.equal(await notebook.value("exports.value = 2"), "2");
});

test("the signal of the cell is aborted", async () => {
  await using notebook = await startNotebook();
  const host = `globalThis[Symbol.for("colabcode.kernel.host")]`;
  const cell = notebook.run(`
    ${host}.signal.addEventListener("abort", () => console.log("aborted"));
    console.log("go");
    await new Promise(() => undefined)`);
  await notebook.untilText("stdout", "go");
  await notebook.runtime.interrupt();
  await cell;
  assert.equal(notebook.text("stdout"), "go\naborted\n");
  assert.equal(await notebook.value(`exports.value = ${host}.signal.aborted`), "false");
});
