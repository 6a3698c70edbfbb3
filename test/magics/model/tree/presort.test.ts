import assert from "node:assert/strict";
import { test } from "node:test";
import { presort } from "../../../../magics/model/tree/presort.ts";

test("presort() orders negative, tiny, infinite and almost equal values, equal ones by row", () => {
  const column = Float64Array.of(3, -1, 0, -0, 5e-324, -Infinity, 3, 1 + 2 ** -52, 1, Infinity, -1);
  const { order, values } = presort(column);
  assert.deepEqual([...order], [5, 1, 10, 2, 3, 4, 8, 7, 0, 6, 9]);
  assert.deepEqual(
    [...values],
    [-Infinity, -1, -1, 0, -0, 5e-324, 1, 1 + 2 ** -52, 3, 3, Infinity],
  );
});

test("presort() orders many values that share the upper half of their bits", () => {
  const column = Float64Array.from(
    { length: 500 },
    (_, row) => 1 + ((row * 7919) % 250) * 2 ** -52,
  );
  const { order, values } = presort(column);
  for (let index = 1; index < 500; index++) {
    const [before, here] = [values[index - 1] ?? 0, values[index] ?? 0];
    assert.ok(before < here || (before === here && (order[index - 1] ?? 0) < (order[index] ?? 0)));
    assert.equal(column[order[index] ?? -1], here);
  }
});
