import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../../../magics/model/training/random.ts";
import { takeMedian } from "../../../../magics/model/training/take-median.ts";

test("takeMedian() gives the middle, or what lies between the two in the middle", () => {
  for (const [values, expected] of [
    [[], 0],
    [[7], 7],
    [[4, 1], 2.5],
    [[3, 1, 2], 2],
    [[1, 1, 1, 5], 1],
    [[-5, 8, 0, 2, -1, 3], 1],
    [[1.5e308, 1.7e308], 1.6e308],
  ] as const) {
    assert.equal(takeMedian(Float64Array.from(values)), expected);
  }
});

test("takeMedian() gives what sorting gives, whatever the order", () => {
  const random = seededRandom(4);
  for (let round = 0; round < 300; round++) {
    const length = 1 + Math.floor(random() * 200);
    const most = 1 + Math.floor(random() * 300);
    const values = Float64Array.from({ length }, () => Math.floor(random() * most));
    if (round % 3 === 0) values.sort();
    if (round % 6 === 0) values.reverse();
    const sorted = values.toSorted();
    const upper = sorted[length >>> 1] ?? 0;
    const lower = sorted[(length - 1) >>> 1] ?? 0;
    assert.equal(takeMedian(values), (lower + upper) / 2, `round ${round}`);
  }
});
