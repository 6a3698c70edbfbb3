import assert from "node:assert/strict";
import { test } from "node:test";
import { renderOutput, terminalStyle } from "../../../kernel/client/terminal-output.ts";

const plain = { isColoured: false };
const coloured = { isColoured: true };
const error = {
  output_type: "error",
  ename: "Error",
  evalue: "no",
  traceback: ["\u001b[31mError\u001b[0m: no", "  at cell 1"],
} as const;

test("renderOutput() leaves streams as they are", () => {
  const output = { output_type: "stream", name: "stdout", text: "no newline" } as const;
  assert.equal(renderOutput(output, plain), "no newline");
});

test("renderOutput() shows the plain text of a rich output, on lines of its own", () => {
  const data = { "text/html": "<b>2</b>", "text/plain": "2" };
  const output = { output_type: "execute_result", execution_count: 1, data, metadata: {} } as const;
  assert.equal(renderOutput(output, plain), "2\n");
});

test("renderOutput() names the type of an output that has no text", () => {
  const output = { output_type: "display_data", data: { "image/png": "x" }, metadata: {} } as const;
  assert.equal(renderOutput(output, plain), "[image/png]\n");
});

test("renderOutput() shows the traceback, with colours only where they are wanted", () => {
  assert.equal(renderOutput(error, plain), "Error: no\n  at cell 1\n");
  assert.equal(renderOutput(error, coloured), "\u001b[31mError\u001b[0m: no\n  at cell 1\n");
  assert.equal(renderOutput({ ...error, traceback: [] }, plain), "Error: no\n");
});

test("terminalStyle() colours on a terminal and obeys NO_COLOR", () => {
  assert.deepEqual(terminalStyle({ isTTY: true }, {}), { isColoured: true });
  assert.deepEqual(terminalStyle({ isTTY: true }, { NO_COLOR: "1" }), { isColoured: false });
  assert.deepEqual(terminalStyle({}, {}), { isColoured: false });
});
