import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { tableFromRows } from "../../../magics/data/table-from-rows.ts";
import { createModel, loadModel } from "../../../magics/model/create-model.ts";
import { type TrainOptions, trainModel } from "../../../magics/model/train-model.ts";
import { seededRandom } from "../../../magics/model/training/random.ts";
import { songs } from "./songs.ts";

const data = new URL("../../../../node_modules/vega-datasets/data/", import.meta.url);
const penguins: Record<string, unknown>[] = JSON.parse(
  readFileSync(new URL("penguins.json", data), "utf8"),
);

const failures: [
  title: string,
  rows: object[],
  options: TrainOptions,
  code: string,
  text: RegExp,
][] = [
  [
    "a target that is not there",
    songs(50),
    { target: "genra" },
    "NO_SUCH_COLUMN",
    /no column "genra"/,
  ],
  [
    "a feature that is not there",
    songs(50),
    { target: "genre", features: ["temp"] },
    "NO_SUCH_COLUMN",
    /"temp"/,
  ],
  [
    "the target as a feature",
    songs(50),
    { target: "genre", features: ["genre"] },
    "USAGE",
    /target/,
  ],
  [
    "one class only",
    songs(50).map((row) => ({ ...row, genre: "Rock" })),
    { target: "genre" },
    "BAD_TARGET",
    /same "genre": Rock/,
  ],
  ["too few rows", songs(3), { target: "genre" }, "BAD_TARGET", /Only 3 rows/],
  [
    "no column to learn from",
    songs(50).map(({ track_id, genre }) => ({ track_id, genre })),
    { target: "genre" },
    "BAD_TABLE",
    /No column is left/,
  ],
  ["a share that is none", songs(50), { target: "genre", test: 1.5 }, "USAGE", /--test 1.5/],
  [
    "a target that never repeats",
    songs(50).map((row, id) => ({ ...row, genre: `g${id}` })),
    { target: "genre" },
    "BAD_TARGET",
    /50 different values/,
  ],
];
for (const [title, rows, options, code, text] of failures) {
  test(`trainModel() refuses ${title} and says what to do`, async () => {
    await assert.rejects(
      trainModel(rows, options),
      (error: Error & { code?: string; hint?: string }) => {
        assert.equal(error.code, code, error.stack);
        assert.match(error.message, text);
        assert.ok(error.hint);
        return true;
      },
    );
  });
}

test("trainModel() leaves out ids and constant columns, and says so", async () => {
  const model = await trainModel(songs(500), { target: "genre" });
  assert.deepEqual(
    model.schema.features.map(({ name }) => name),
    ["speechiness", "tempo"],
  );
  assert.deepEqual(model.notes.slice(0, 2), [
    '"track_id" is left out: its whole numbers never repeat, they only name rows',
    '"studio" is left out: all its values are the same',
  ]);
  assert.deepEqual(model.schema.labels, ["Hip-Hop", "Rock"]);
  assert.equal(model.evaluation.trainRows, 400);
  assert.equal(model.evaluation.testRows, 100);
  assert.ok(model.evaluation.task === "classification" && model.evaluation.accuracy > 0.85);
  assert.deepEqual(Object.keys(model.importance()), ["speechiness", "tempo"]);
});

test("trainModel() gives the same model for the same seed, and another for another", async () => {
  const parts = async (seed: number) => {
    const { createdAt: _, ...rest } = (
      await trainModel(songs(300), { target: "genre", seed })
    ).toJSON();
    return JSON.stringify(rest);
  };
  const first = await parts(1);
  assert.equal(await parts(1), first);
  assert.notEqual(await parts(2), first);
});

test("trainModel() fits the tree that ml-cart fits on the same rows", async () => {
  const rows = songs(300);
  const model = await trainModel(rows, {
    target: "genre",
    features: ["speechiness", "tempo"],
    test: 0,
  });
  const { DecisionTreeClassifier } = createRequire(import.meta.url)("ml-cart");
  const judge = new DecisionTreeClassifier({
    gainFunction: "gini",
    maxDepth: 10,
    minNumSamples: 3,
  });
  judge.train(
    rows.map((row) => [row.speechiness, row.tempo]),
    rows.map((row) => (row.genre === "Rock" ? 1 : 0)),
  );
  assert.deepEqual(
    JSON.parse(JSON.stringify(model.toJSON().trees[0])),
    JSON.parse(JSON.stringify(judge)),
  );
  assert.equal(model.tree.constructor.name, "DecisionTreeClassifier");
  assert.deepEqual(model.tree.predict([[0.1, 100]]), [1]);
});

test("trainModel() keeps how missing values and texts were turned into numbers", async () => {
  const model = await trainModel(penguins, { target: "Species" });
  const [island, beak] = model.schema.features;
  assert.deepEqual(island?.kind === "category" && [...island.categories].sort(), [
    "Biscoe",
    "Dream",
    "Torgersen",
  ]);
  assert.ok(beak?.kind === "number" && beak.isOptional && beak.fallback === beak.median);
  const row = { ...model.schema.example, "Beak Length (mm)": null };
  const filled = { ...model.schema.example, "Beak Length (mm)": beak.median };
  assert.equal(model.predict(row), model.predict(filled));
  assert.ok(model.evaluation.task === "classification" && model.evaluation.accuracy > 0.9);
});

test("trainModel() learns numbers where the target is one, and judges them", async () => {
  const model = await trainModel(penguins, { target: "Body Mass (g)" });
  assert.equal(model.schema.task, "regression");
  assert.ok(model.evaluation.task === "regression" && model.evaluation.r2 > 0.6);
  const answer = model.predict(model.schema.example);
  assert.ok(typeof answer === "number" && answer > 2000 && answer < 7000);
  const shares = Object.values(model.importance());
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  assert.ok(model.notes.includes('2 rows are left out: "Body Mass (g)" is missing'));
});

test("trainModel() says which options would do clearly better", async () => {
  const random = seededRandom(3);
  const rows = Array.from({ length: 2000 }, () => {
    const [x, y] = [random(), random()];
    return { x, y, inside: (Math.floor(x * 4) + Math.floor(y * 4)) % 2 === 0 ? "yes" : "no" };
  });
  const model = await trainModel(rows, { target: "inside" });
  assert.match(
    model.notes.join("\n"),
    /stops early: --gain-threshold 0 --min-samples 1 gives 0\.9/,
  );
});

test("trainModel() reads a file and tells how far it is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "colabcode-train-"));
  try {
    const path = join(folder, "songs.csv");
    const lines = songs(200).map((row) => Object.values(row).join(","));
    await writeFile(path, ["track_id,genre,speechiness,tempo,studio", ...lines].join("\n"));
    const steps: string[] = [];
    const model = await trainModel(path, {
      target: "genre",
      onProgress: (text) => steps.push(text),
    });
    assert.deepEqual(
      [...new Set(steps)],
      [
        "reading songs.csv",
        "reading rows",
        "preparing columns",
        "growing the tree",
        "checking on held-out rows",
      ],
    );
    assert.equal(model.toJSON().details?.source, "songs.csv");
    const saved = join(folder, "model.json");
    await model.save(saved);
    const loaded = await loadModel(saved);
    assert.deepEqual(loaded.toJSON(), JSON.parse(JSON.stringify(model)));
    assert.deepEqual(loaded.explain(model.schema.example), model.explain(model.schema.example));
    await writeFile(saved, '{"a":1}');
    await assert.rejects(loadModel(saved), { code: "BAD_MODEL" });
    await assert.rejects(loadModel(join(folder, "none.json")), { code: "NO_SUCH_FILE" });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("trainModel() ends at once when it is aborted, and the event loop stays free", async () => {
  const random = seededRandom(5);
  const rows = Array.from({ length: 60_000 }, () => ({
    a: random(),
    b: random(),
    c: random(),
    label: random() < 0.5 ? "x" : "y",
  }));
  const table = tableFromRows(rows);
  const stop = new AbortController();
  const training = trainModel(table, {
    target: "label",
    maxDepth: Infinity,
    gainThreshold: 0,
    minSamples: 1,
    signal: stop.signal,
    onProgress: (text) => {
      if (text === "growing the tree") stop.abort(new Error("stopped"));
    },
  });
  await assert.rejects(training, /stopped/);
});

test('trainModel() chooses the tree\'s size by cross-validation for maxDepth "auto"', async () => {
  const random = seededRandom(9);
  const rows = Array.from({ length: 1200 }, () => {
    const [x, y] = [random(), random()];
    const isInside = x > 0.5 !== y > 0.5;
    return { x, y, side: random() < 0.15 ? !isInside : isInside };
  });
  const steps = new Set<string>();
  const model = await trainModel(rows, {
    target: "side",
    maxDepth: "auto",
    minSamples: 20,
    onProgress: (text) => steps.add(text),
  });
  assert.ok(steps.has("choosing the tree's size"));
  assert.match(
    model.notes.join("\n"),
    /cross-validation chose --max-depth \d+ --gain-threshold 0 --min-samples 20 \(0\.8\d+\)/,
  );
  assert.ok(model.evaluation.task === "classification" && model.evaluation.accuracy > 0.75);
  await assert.rejects(trainModel(rows.slice(0, 8), { target: "side", maxDepth: "auto" }), {
    code: "BAD_TABLE",
    message: /too few for 5 folds/,
  });
});

test("trainModel() grows a seeded forest that beats its first tree and judges it out of bag", async () => {
  const random = seededRandom(4);
  const rows = Array.from({ length: 900 }, () => {
    const [x, y, z] = [random(), random(), random()];
    return { x, y, z, high: x + y + 0.6 * random() > 1.3 };
  });
  const forest = await trainModel(rows, { target: "high", trees: 30 });
  const again = await trainModel(rows, { target: "high", trees: 30 });
  assert.deepEqual(again.toJSON().trees, forest.toJSON().trees);
  assert.equal(forest.toJSON().trees.length, 30);
  const first = createModel({ ...forest.toJSON(), trees: forest.toJSON().trees.slice(0, 1) });
  const rightOf = (model: typeof forest) =>
    rows.filter((row) => model.predict({ x: row.x, y: row.y, z: row.z }) === String(row.high))
      .length;
  assert.ok(rightOf(forest) > rightOf(first));
  assert.match(forest.notes.join("\n"), /out of bag\): (8|9)\d\.\d %/);
  const shares = Object.values(forest.predictProba({ x: 0.5, y: 0.5, z: 0.5 }));
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  await assert.rejects(trainModel(rows, { target: "high", trees: 0 }), { code: "USAGE" });
});
