import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../../../magics/model/training/random.ts";
import { toCartJson } from "../../../../magics/model/tree/cart-json.ts";
import { compileFlat, compileTree, leafOf } from "../../../../magics/model/tree/compiled-tree.ts";
import { growClassifier } from "../../../../magics/model/tree/grow-classifier.ts";
import { growRegression } from "../../../../magics/model/tree/grow-regression.ts";

const random = seededRandom(9);
const columns = [0, 1].map(() => Float64Array.from({ length: 300 }, () => random()));
const optionsOf = (maxDepth: number) => ({ minNumSamples: 3, maxDepth, gainThreshold: 0 });

test("compileFlat() gives what the tree's JSON compiles to, leaves at the depth limit included", () => {
  for (const maxDepth of [0, 2, Infinity]) {
    const options = optionsOf(maxDepth);
    const labels = Uint16Array.from({ length: 300 }, () => Math.floor(random() * 3));
    const targets = Float64Array.from({ length: 300 }, () => random());
    for (const tree of [
      growClassifier({ columns, labels, classCount: 3 }, options),
      growRegression({ columns, targets }, options),
    ]) {
      const json = JSON.parse(JSON.stringify(toCartJson(tree, options)));
      const { rows, ...parts } = compileFlat(tree).parts;
      assert.deepEqual(parts, compileTree(json).parts);
      assert.equal(rows?.[0], 300);
    }
  }
});

test("a compiled tree gives a leaf's shares up to the last class that is there, or its mean", () => {
  const options = { minNumSamples: 1, maxDepth: Infinity, gainThreshold: 0 };
  const values = [Float64Array.of(1, 2, 3, 4)];
  const labels = Uint16Array.of(0, 0, 2, 2);
  const classes = compileFlat(growClassifier({ columns: values, labels, classCount: 4 }, options));
  assert.deepEqual(classes.answerAt(leafOf(classes, [1])), [1]);
  assert.deepEqual(classes.answerAt(leafOf(classes, [4])), [0, 0, 1]);
  const target = new Float64Array(4);
  classes.copyAnswer(leafOf(classes, [4]), target, 1);
  assert.deepEqual([...target], [0, 0, 0, 1]);
  const targets = Float64Array.of(1, 2, 7, 7);
  const numbers = compileFlat(growRegression({ columns: values, targets }, options));
  assert.equal(numbers.answerAt(leafOf(numbers, [1])), 1.5);
  assert.equal(numbers.answerAt(leafOf(numbers, [4])), 7);
});
