import assert from "node:assert/strict";
import { test } from "node:test";
import { kernelInstance, TreeKernel } from "../../../../../magics/model/tree/kernel/tree-kernel.ts";

/** Sorts a column whose rows are of the classes 0, 1, 2, 0, 1, 2 … */
function sorted(...values: number[]) {
  const rows = values.length;
  const kernel = new TreeKernel("classifier", { rows, columns: 1, classes: 3 });
  kernel.setLabels(Uint16Array.from(values, (_, row) => row % 3));
  kernel.sort(0, Float64Array.from(values));
  const { buffer } = kernelInstance("classifier").memory;
  const { entriesAt, distinctAt, plainAt, labelShift, rankShift } = kernel.layout;
  const entries = Array.from(new BigUint64Array(buffer, entriesAt, rows));
  const bits = (entry: bigint, from: number, to: number) =>
    Number(BigInt.asUintN(to - from, entry >> BigInt(from)));
  const ranks = entries.map((entry) => bits(entry, rankShift, 64));
  return {
    rows: entries.map((entry) => bits(entry, 0, labelShift)),
    labels: entries.map((entry) => bits(entry, labelShift, rankShift)),
    ranks,
    distinct: Array.from(new Float64Array(buffer, distinctAt, (ranks.at(-1) ?? 0) + 1)),
    isPlain: new Int32Array(buffer, plainAt, 1)[0] === 1,
  };
}

test("sortColumn() orders negative, tiny, infinite and almost equal values, equal ones by row", () => {
  assert.deepEqual(sorted(3, -1, 0, -0, 5e-324, -Infinity, 3, 1 + 2 ** -52, 1, Infinity, -1), {
    rows: [5, 1, 10, 2, 3, 4, 8, 7, 0, 6, 9],
    labels: [2, 1, 1, 2, 0, 1, 2, 1, 0, 0, 0],
    ranks: [0, 1, 1, 2, 2, 3, 4, 5, 6, 6, 7],
    distinct: [-Infinity, -1, 0, 5e-324, 1, 1 + 2 ** -52, 3, Infinity],
    isPlain: false,
  });
});

test("sortColumn() calls a column plain where every mean lies above the lower of two values", () => {
  assert.equal(sorted(2, 1, 2, 3).isPlain, true);
  assert.equal(sorted(7, 7, 7).isPlain, true);
  assert.equal(sorted(1, 1 + 2 ** -52).isPlain, false);
  assert.equal(sorted(0, 5e-324).isPlain, false);
  assert.equal(sorted(1e308, -1e308, 0).isPlain, false);
});

test("sortColumn() orders many values that share the upper half of their bits", () => {
  const values = Array.from({ length: 5000 }, (_, row) => 1 + ((row * 7919) % 2500) * 2 ** -52);
  const { rows, ranks, distinct } = sorted(...values);
  assert.equal(distinct.length, 2500);
  for (let index = 0; index < 5000; index++) {
    assert.equal(ranks[index], index >> 1);
    assert.equal(values[rows[index] ?? -1], distinct[ranks[index] ?? -1]);
    if (index % 2 === 1) assert.ok((rows[index - 1] ?? 0) < (rows[index] ?? 0));
  }
});
