import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { isRunning } from "../../support/process-facts.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { compiledCell, startNotebook } from "./test-notebook.ts";

test("a cell gives the value of its last expression, null, false and 0 too", async () => {
  await using notebook = await startNotebook();
  const rows: [output: string, text: string | undefined][] = [
    ["exports.value = 1 + 1", "2"],
    ["exports.value = null", "null"],
    ["exports.value = false", "false"],
    ["exports.value = 0", "0"],
    ["exports.value = ''", "''"],
    ["exports.value = undefined", undefined],
    ["const nothing = 1", undefined],
    ["exports.value = await Promise.resolve('late')", "'late'"],
    ["exports.kept = 5", undefined],
    ["exports.value = exports.kept", "5"],
    ["exports.value = new Map([['a', 1]])", "Map(1) { 'a' => 1 }"],
  ];
  for (const [output, text] of rows) assert.equal(await notebook.value(output), text, output);
});

test("output reaches the listener before the cell is done, in the order it was made", async () => {
  await using notebook = await startNotebook();
  await notebook.run(`
    console.log("one");
    console.error("two");
    process.stdout.write("three\\n");
    require("child_process").execSync("echo four", { stdio: "inherit" });
    console.log("five");
    require("fs").writeSync(2, "six\\n");
    display.html("<b>seven</b>");
    console.log("eight");`);
  const seen = notebook.events.map((event) =>
    event.type === "stream" ? [event.name, event.text] : event.type,
  );
  assert.deepEqual(seen, [
    ["stdout", "one\n"],
    ["stderr", "two\n"],
    ["stdout", "three\n"],
    ["stdout", "four\n"],
    ["stdout", "five\n"],
    ["stderr", "six\n"],
    "display",
    ["stdout", "eight\n"],
  ]);
});

test("output of a busy loop arrives while it runs", async () => {
  await using notebook = await startNotebook();
  const cell = notebook.run(
    `for (let i = 0; ; i++) if (i % 1e7 === 0) console.log("turn", i / 1e7)`,
  );
  await notebook.untilText("stdout", "turn 3");
  await notebook.runtime.interrupt();
  const outcome = await cell;
  assert.equal(outcome.status, "error");
});

test("no line of a flood is lost", async () => {
  await using notebook = await startNotebook();
  await notebook.run(`for (let i = 0; i < 20_000; i++) console.log("line", i)`);
  const lines = notebook.text("stdout").trimEnd().split("\n");
  assert.equal(lines.length, 20_000);
  assert.equal(lines[19_999], "line 19999");
});

test("one output of 20 MB arrives whole", async () => {
  await using notebook = await startNotebook();
  await notebook.run(
    `process.stdout.write("é".repeat(10_000_000)); display.raw("text/x", "y".repeat(2e7))`,
  );
  assert.equal(notebook.text("stdout").length, 10_000_000);
  assert.match(notebook.text("stdout"), /^é+$/);
  const shown = notebook.events.find((event) => event.type === "display");
  assert.equal(shown?.type === "display" && String(shown.data["text/x"]).length, 20_000_000);
});

test("what a child process writes is in its cell before the cell is done", async () => {
  await using notebook = await startNotebook();
  await notebook.run("exports.x = 1");
  await notebook.run(
    `require("child_process").execSync("printf 'a%.0s' $(seq 70000); echo done >&2", { stdio: "inherit" })`,
  );
  assert.equal(notebook.text("stdout", 2).length, 70_000);
  assert.equal(notebook.text("stderr", 2), "done\n");
});

test("output after the end of a cell carries its own cell", async () => {
  await using notebook = await startNotebook();
  await notebook.run(`setTimeout(() => console.log("late"), 50)`);
  await notebook.run(`console.log("next"); await new Promise((go) => setTimeout(go, 120))`);
  await notebook.untilText("stdout", "late");
  assert.equal(notebook.text("stdout", 1), "late\n");
  assert.equal(notebook.text("stdout", 2), "next\n");
});

test("an uncaught error of a timer or a promise is told in its cell and ends nothing", async () => {
  await using notebook = await startNotebook();
  await notebook.run(`setTimeout(() => { throw new TypeError("in a timer") }, 30)`);
  await notebook.run(`Promise.reject(new RangeError("in a promise"))`);
  const errors = () => notebook.events.filter((event) => event.type === "error");
  await waitUntil("both are told", () => errors().length === 2);
  assert.deepEqual(
    errors()
      .map((event) => [event.execution, event.type === "error" && event.error.ename])
      .sort(),
    [
      [1, "TypeError"],
      [2, "RangeError"],
    ],
  );
  assert.equal(await notebook.value("exports.value = 'alive'"), "'alive'");
});

test("user expressions are values or errors by name", async () => {
  await using notebook = await startNotebook();
  const outcome = await notebook.run("exports.x = 7", {
    expressions: {
      good: compiledCell("exports.value = exports.x * 6"),
      bad: compiledCell("exports.value = missing"),
    },
  });
  assert.ok(outcome.status === "ok");
  assert.deepEqual(outcome.expressions.good, {
    status: "ok",
    data: { "text/plain": "42" },
    metadata: {},
  });
  assert.equal(outcome.expressions.bad?.status, "error");
});

const ends: [what: string, output: string, environment: object, reason: RegExp][] = [
  ["process.exit", "process.exit(3)", {}, /^process\.exit\(3\) was called\.$/],
  ["SIGKILL", "process.kill(process.pid, 'SIGKILL')", {}, /was killed \(SIGKILL\)/],
  ["an abort", "process.abort()", {}, /crashed \(SIGABRT\) in native code/],
  [
    "an endless array",
    "const all = []; for (;;) all.push(new Array(1000).fill(all.length))",
    { NODE_OPTIONS: "--max-old-space-size=60" },
    /ran out of memory \(limit \d+ MB\).*--max-old-space-size/,
  ],
];
for (const [what, output, environment, reason] of ends) {
  test(`a runtime that ends by ${what} says so`, async () => {
    await using notebook = await startNotebook({ environment: { ...environment } });
    await assert.rejects(notebook.run(output), { code: "RUNTIME_GONE", message: reason });
    const end = await notebook.runtime.ended;
    assert.equal(end.isExpected, false);
    assert.match(end.reason, reason);
    assert.doesNotMatch(notebook.text("stderr"), /Last few GCs/);
    await assert.rejects(notebook.run("exports.x = 1"), { code: "RUNTIME_GONE" });
  });
}

test("shutdown() ends a runtime whatever its cell does, and its shell commands", async () => {
  const notebook = await startNotebook();
  const cell = notebook.run(`
    const child = require("child_process").spawn("sleep", ["1000"]);
    console.log("pid " + child.pid);
    process.on("SIGTERM", () => undefined);
    await null;
    for (;;);`);
  cell.catch(() => undefined);
  await notebook.untilText("stdout", "pid ");
  const child = Number(/pid (\d+)/.exec(notebook.text("stdout"))?.[1]);
  const start = performance.now();
  await notebook.runtime.shutdown();
  assert.ok(performance.now() - start < 2500);
  assert.equal(isRunning(notebook.runtime.pid), false);
  await waitUntil("the shell command ends", () => !isRunning(child), 2000);
  assert.deepEqual(await notebook.runtime.ended, {
    isExpected: true,
    reason: "The runtime was shut down.",
  });
  await notebook.runtime.shutdown();
});

test("a runtime whose cell spins ends with its owner", async () => {
  const holder = new URL("./runtime-holder.js", import.meta.url).pathname;
  const owner = spawn(process.execPath, [holder], { stdio: ["ignore", "pipe", "inherit"] });
  const [chunk] = await once(owner.stdout, "data");
  const pid = Number(String(chunk));
  assert.ok(isRunning(pid));
  owner.kill("SIGKILL");
  await waitUntil("the runtime ends", () => !isRunning(pid), 3000);
});
