import assert from "node:assert/strict";
import { test } from "node:test";
import { runPythonSuite } from "../support/python-suite.ts";

for (const [module, atLeast] of [
  ["kernel_test_suite", 13],
  ["protocol_suite", 33],
  ["websocket_suite", 4],
] as const) {
  const results = await runPythonSuite(module);
  test(`${module} runs all of its tests and skips none`, () => {
    assert.ok(results.length >= atLeast, `${results.length} results`);
    assert.deepEqual(
      results.filter(({ status }) => status === "skipped"),
      [],
    );
  });
  for (const { name, status, detail } of results) {
    test(`${module}: ${name}`, () => assert.equal(status, "passed", detail));
  }
}
