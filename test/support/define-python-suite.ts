import assert from "node:assert/strict";
import { test } from "node:test";
import { runPythonSuite } from "./python-suite.ts";

/** Runs a module of test/conformance; each of its `count` tests becomes one here, and none may be skipped. */
export async function definePythonSuite(
  module: string,
  count: number,
  python?: string,
): Promise<void> {
  const results = await runPythonSuite(module, python);
  test(`${module} runs all of its ${count} tests`, () => {
    assert.equal(results.length, count, results.map(({ name }) => name).join("\n"));
  });
  for (const { name, status, detail } of results) {
    test(`${module}: ${name}`, () => assert.equal(status, "passed", detail));
  }
}
