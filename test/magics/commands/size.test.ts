import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSize } from "../../../magics/commands/size.ts";

const sizes: [text: string, bytes: number][] = [
  ["1", 1],
  ["4096", 4096],
  ["500kb", 500_000],
  ["1.5 MB", 1_500_000],
  ["2gb", 2_000_000_000],
];

for (const [text, bytes] of sizes) {
  test(`parseSize() reads "${text}" as ${bytes} bytes`, () => {
    assert.equal(parseSize(text, "--max-body"), bytes);
  });
}

for (const text of ["", "0", "-1", "3gb", "1 tb", "many"]) {
  test(`parseSize() refuses "${text}" and names the option`, () => {
    assert.throws(() => parseSize(text, "--max-body"), {
      code: "USAGE",
      message: `--max-body "${text}" is not a size.`,
    });
  });
}
