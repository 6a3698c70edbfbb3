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
