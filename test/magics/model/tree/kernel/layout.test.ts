import assert from "node:assert/strict";
import { test } from "node:test";
import { layOut } from "../../../../../magics/model/tree/kernel/layout.ts";

test("layOut() takes twenty million rows of eight features, and places all below 4 GB", () => {
  const { slotsAt, labelShift, rankShift } = layOut({ rows: 20e6, columns: 8, classes: 5 });
  assert.ok(slotsAt < 2 ** 32);
  assert.equal(labelShift, 25);
  assert.equal(rankShift, 28);
});

test("layOut() says what to do where 4 GB do not suffice", () => {
  assert.throws(() => layOut({ rows: 1e6, columns: 1000, classes: 2 }), {
    code: "BAD_TABLE",
    message: "1000000 rows of 1000 features are too many.",
    hint: "Train on a part of the rows, or name fewer columns with --features.",
  });
});
