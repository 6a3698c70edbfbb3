import assert from "node:assert/strict";
import { test } from "node:test";
import { kernelInstance } from "../../../../../magics/model/tree/kernel/tree-kernel.ts";

const { repeatedSum } = kernelInstance("classifier").functions;

test("repeatedSum() equals adding one by one for every count up to 1,500", () => {
  for (let rows = 1; rows <= 1500; rows++) {
    let sum = 0;
    for (let count = 0; count <= rows; count++) {
      if (repeatedSum(1 / rows, count) !== sum) assert.fail(`${count} times 1/${rows}`);
      sum += 1 / rows;
    }
  }
});

test("repeatedSum() equals adding one by one for large numbers of rows", () => {
  for (const rows of [65_536, 100_003, 799_772]) {
    let sum = 0;
    for (let count = 0; count <= rows; count++) {
      if (count % 101 === 0 && repeatedSum(1 / rows, count) !== sum)
        assert.fail(`${count} times 1/${rows}`);
      sum += 1 / rows;
    }
  }
});
