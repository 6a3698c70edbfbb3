import assert from "node:assert/strict";
import { test } from "node:test";
import { fixture } from "../support/fixture.ts";
import { isRunning } from "../support/process-facts.ts";

interface TestFileResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly problem: string | undefined;
  readonly output: string;
}

interface TestFileOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const script = new URL("../../../scripts/test-file.mjs", import.meta.url).href;
// The scripts are plain JavaScript without declarations.
const { runTestFile } = (await import(script)) as {
  runTestFile(file: string, options: TestFileOptions): Promise<TestFileResult>;
};

/** Runs a fixture as a test file; it must not take itself for a part of this run. */
function run(name: string, options: Partial<TestFileOptions> = {}): Promise<TestFileResult> {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const signal = new AbortController().signal;
  return runTestFile(fixture(`test-files/${name}.mjs`), {
    environment,
    timeoutMs: 30_000,
    signal,
    ...options,
  });
}

test("runTestFile() counts tests one by one and keeps what they wrote", async () => {
  const { passed, failed, skipped, problem, output } = await run("mixed");
  assert.deepEqual({ passed, failed, skipped }, { passed: 2, failed: 1, skipped: 1 });
  assert.equal(problem, undefined);
  assert.match(output, /1 !== 2/);
});

test("runTestFile() fails a file that leaves a process running, and ends that process", async () => {
  const { passed, failed, problem, output } = await run("leaves-process");
  assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
  const pid = Number(/left (\d+)/.exec(output)?.[1]);
  assert.match(problem ?? "", new RegExp(`^left running: ${pid} .*node -e`));
  assert.equal(isRunning(pid), false);
});

test("runTestFile() ends a file at its time limit", async () => {
  const { failed, problem } = await run("never-ends", { timeoutMs: 500 });
  assert.equal(failed, 1);
  assert.equal(problem, "did not end within 0.5 s");
});

test("runTestFile() ends a file when it is stopped", async () => {
  const controller = new AbortController();
  const running = run("never-ends", { signal: controller.signal });
  controller.abort();
  assert.equal((await running).problem, "was stopped");
});

test("runTestFile() fails a file that ends before its first test", async () => {
  const { passed, failed, output } = await run("crashes");
  assert.deepEqual({ passed, failed }, { passed: 0, failed: 1 });
  assert.match(output, /before any test/);
});
