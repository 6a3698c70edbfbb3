import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type TrainOptions, trainModel } from "../../../../magics/model/train-model.ts";
import { seededRandom } from "../../../../magics/model/training/random.ts";
import type { TreeModel } from "../../../../magics/model/tree-model.ts";
import { repositoryRoot } from "../../../support/repository-root.ts";
import { testEnvironmentBin } from "../../../support/test-environment.ts";

type Rows = Record<string, number | string | boolean | null>[];

const penguins: Rows = JSON.parse(
  readFileSync(join(repositoryRoot, "node_modules/vega-datasets/data/penguins.json"), "utf8"),
);
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "colabcode onnx "));
});
after(() => rm(folder, { recursive: true }));

/** What onnxruntime answers to rows, by the name of the output. */
async function answers(model: TreeModel, rows: Rows): Promise<Record<string, unknown[]>> {
  const path = join(folder, "model.onnx");
  await model.exportOnnx(path);
  const columns = Object.fromEntries(
    model.schema.features.map(({ name, kind }) => [
      name,
      rows.map((row) => (kind === "number" ? (row[name] ?? null) : String(row[name] ?? ""))),
    ]),
  );
  const script = join(repositoryRoot, "test/magics/model/onnx/predict.py");
  const { stdout, stderr, status } = spawnSync(join(testEnvironmentBin, "python"), [script], {
    input: JSON.stringify({ model: path, columns }),
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

/** Numbers that 32 bits cannot tell apart, categories, yes/no and names that ONNX could stumble over. */
function hardRows(count: number): Rows {
  const random = seededRandom(11);
  return Array.from({ length: count }, () => {
    const near = 1 + Math.floor(random() * 40) * Number.EPSILON;
    const value = random() * 1e-300;
    const word = ["ä", "b c", ""][Math.floor(random() * 3)] || "none";
    const flag = random() < 0.5;
    const kind = near > 1 + 20 * Number.EPSILON !== flag ? "up" : value > 5e-301 ? "mid" : "down";
    return { near, value, word, flag, kind: random() < 0.1 ? "mid" : kind };
  });
}

const cases: [title: string, rows: () => Rows, options: TrainOptions][] = [
  ["penguins with missing values", () => penguins, { target: "Species" }],
  [
    "numbers that differ in the last bit, in a grown-out tree",
    () => hardRows(3000),
    { target: "kind", maxDepth: Number.POSITIVE_INFINITY, gainThreshold: 0, minSamples: 1 },
  ],
  ["a forest", () => hardRows(1500), { target: "kind", trees: 40 }],
  [
    "a tree of one leaf",
    () => hardRows(200),
    { target: "kind", gainThreshold: 9, features: ["near", "word"] },
  ],
];
for (const [title, rows, options] of cases) {
  test(`exportOnnx() lets onnxruntime give equal classes and shares on every row of ${title}`, async () => {
    const all = rows();
    const model = await trainModel(all, options);
    const given = all.map(({ [options.target]: _, ...row }) => row);
    const { label, probabilities } = await answers(model, given);
    assert.deepEqual(label, model.predict(given));
    const shares = model.predictProba(given).map((each) => Object.values(each));
    if (options.trees === undefined) assert.deepEqual(probabilities, shares);
    else assertNear((probabilities as number[][]).flat(), shares.flat());
  });
}

test("exportOnnx() lets onnxruntime give equal numbers on every row", async () => {
  const rows = penguins.filter((row) => row["Body Mass (g)"] !== null);
  const tree = await trainModel(rows, { target: "Body Mass (g)" });
  assert.deepEqual((await answers(tree, rows)).value, tree.predict(rows));
  const forest = await trainModel(rows, { target: "Body Mass (g)", trees: 20 });
  assertNear((await answers(forest, rows)).value as number[], forest.predict(rows) as number[]);
});

test("exportOnnx() keeps the columns' names where they are those of outputs", async () => {
  const rows = hardRows(300).map(({ near, value, kind }) => ({
    label: near ?? 0,
    "model/vector": value ?? 0,
    kind: kind ?? "",
  }));
  const model = await trainModel(rows, { target: "kind" });
  const outputs = await answers(model, rows);
  assert.deepEqual(Object.keys(outputs), ["_label", "probabilities"]);
  assert.deepEqual(outputs._label, model.predict(rows));
});

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of actual.entries()) {
    const other = expected[index] ?? Number.NaN;
    assert.ok(Math.abs(value - other) <= 1e-12 * Math.max(1, Math.abs(other)), `${value} ${other}`);
  }
}
