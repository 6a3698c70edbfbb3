import assert from "node:assert/strict";
import { test } from "node:test";
import {
  confusionMatrix,
  importanceBars,
  treePicture,
} from "../../../../magics/model/picture/picture.ts";
import { trainModel } from "../../../../magics/model/train-model.ts";
import { seededRandom } from "../../../../magics/model/training/random.ts";
import { type TreeModel } from "../../../../magics/model/tree-model.ts";

const display = Symbol.for("Jupyter.display");

/** What a notebook shows; the symbol has no place in the type that tests see. */
const shown = (value: object): Record<string, string> =>
  (value as Record<symbol, () => Record<string, string>>)[display]?.() ?? {};

function noisy(labels: readonly string[]): Promise<TreeModel> {
  const random = seededRandom(11);
  const rows = Array.from({ length: 4000 }, () => {
    const [x, y] = [random(), random()];
    const label =
      labels[Math.floor((x * 0.7 + y * 0.3 + random() * 0.4) * labels.length) % labels.length];
    return { x, "<y>": y, label };
  });
  return trainModel(rows, { target: "label", gainThreshold: 0, minSamples: 1 });
}

test("A model shows itself in less than 100 kB at depth 10, with no script and nothing from outside", async () => {
  const model = await noisy(["<Hip & Hop>", "Rock", "Jazz"]);
  const { "text/html": html = "" } = shown(model);
  assert.ok(html.length < 100_000, `${html.length} letters`);
  assert.doesNotMatch(html, /<script|https?:|url\(|@import/);
  assert.match(html, /&lt;Hip &amp; Hop&gt;/);
  assert.doesNotMatch(html, /<Hip|<y>/);
  for (const tag of ["div", "details", "table", "tr", "td", "ul", "dl"]) {
    const opened = html.match(new RegExp(`<${tag}[ >]`, "g"))?.length;
    assert.equal(opened, html.match(new RegExp(`</${tag}>`, "g"))?.length, tag);
  }
});

test("A model's colours are the same in tree, legend and matrix", async () => {
  const model = await noisy(["a", "b"]);
  const second = /#E69F00"><\/span>b</;
  assert.match(shown(treePicture(model))["text/html"] ?? "", second);
  assert.match(shown(confusionMatrix(model))["text/html"] ?? "", second);
});

test("A model's text twin says the same and lines up", async () => {
  const { "text/plain": text = "" } = shown(await noisy(["a", "b"]));
  assert.match(
    text,
    /^label from 2 columns, trained on 3,200 rows: \d\d\.\d % right on 800 held-out rows\n/,
  );
  const blocks = text.split("\n\n");
  assert.equal(blocks.length, 4);
  for (const block of blocks.slice(1)) {
    const widths = block.split("\n").map((line) => line.length);
    assert.deepEqual(new Set(widths).size, 1, block);
  }
});

test("A model that predicts numbers shows means and has no confusion matrix", async () => {
  const random = seededRandom(2);
  const rows = Array.from({ length: 300 }, () => ({ x: random(), price: 0 })).map((row) => ({
    ...row,
    price: 1000 * Math.round(row.x * 4) + random(),
  }));
  const model = await trainModel(rows, { target: "price", maxDepth: 2 });
  assert.match(shown(model)["text/plain"] ?? "", /R² 0\.\d+, mean error/);
  assert.match(shown(model)["text/html"] ?? "", /rows, mean /);
  assert.match(shown(importanceBars(model))["text/plain"] ?? "", /x +100\.0 %/);
  assert.throws(() => confusionMatrix(model), { code: "USAGE" });
});
