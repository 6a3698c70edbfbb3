import assert from "node:assert/strict";
import { test } from "node:test";
import { tableFromRows } from "../../../magics/data/table-from-rows.ts";
import { createModel } from "../../../magics/model/create-model.ts";
import type { Model, SavedModel } from "../../../magics/model/model.ts";
import { trainModel } from "../../../magics/model/train-model.ts";
import { songs } from "./songs.ts";

const example = { tempo: 120, genre: "a" };
const tiny: SavedModel = {
  format: "colabcode-model",
  version: 1,
  schema: {
    name: "tiny",
    task: "classification",
    target: "label",
    features: [
      {
        name: "tempo",
        kind: "number",
        fallback: 100,
        isOptional: false,
        isInteger: false,
        minimum: 0,
        median: 100,
        maximum: 200,
      },
      { name: "genre", kind: "category", fallback: "a", isOptional: true, categories: ["a", "b"] },
    ],
    labels: ["no", "yes"],
    example,
  },
  evaluation: {
    task: "classification",
    trainRows: 4,
    testRows: 0,
    accuracy: 1,
    confusion: [
      [2, 0],
      [0, 2],
    ],
    classes: [],
  },
  trees: [
    {
      root: {
        splitColumn: 0,
        splitValue: 110,
        gain: 0.5,
        left: { distribution: [[1]] },
        right: { distribution: [[0.25, 0.75]] },
      },
    },
  ],
  options: {},
  createdAt: "2026-01-01T00:00:00.000Z",
  versions: {},
};

const badRows: [row: unknown, message: string, hint: RegExp][] = [
  [{ genre: "a" }, 'Row 1 has no "tempo".', /Give "tempo"/],
  [{ tenpo: 1, genre: "a" }, 'Row 1 has no "tempo".', /It has "tenpo"/],
  [{ tempo: "120", genre: "a" }, 'Row 1 needs a finite number for "tempo", not "120".', /./],
  [{ tempo: Number.NaN, genre: "a" }, 'Row 1 needs a finite number for "tempo", not NaN.', /./],
  [
    { tempo: null, genre: "a" },
    'Row 1 needs a finite number for "tempo", not null.',
    /No value may be missing/,
  ],
  [
    { tempo: 1, genre: "c" },
    'Row 1 has "c" for "genre", which the training data did not have.',
    /"a" or "b"/,
  ],
  [{ tempo: 1, genre: 3 }, 'Row 1 needs a text for "genre", not 3.', /null stands/],
  ["tempo", "Row 1 is not an object with one value a column.", /\{ tempo, genre \}/],
];
for (const [row, message, hint] of badRows) {
  test(`predict() refuses ${JSON.stringify(row)} with BAD_ROW that names row and column`, () => {
    const model = createModel(tiny) as unknown as { predict(rows: unknown[]): unknown }; // Wrong rows on purpose.
    assert.throws(
      () => model.predict([example, row]),
      (error: { code?: string; message: string; hint?: string }) => {
        assert.equal(error.code, "BAD_ROW");
        assert.equal(error.message, message);
        assert.match(error.hint ?? "", hint);
        return true;
      },
    );
  });
}

test("predict(), predictProba() and explain() agree on the path and its leaf", () => {
  const model = createModel(tiny);
  assert.equal(model.predict({ tempo: 100, genre: null }), "no");
  assert.deepEqual(model.predict([example, { tempo: 100, genre: "b" }]), ["yes", "no"]);
  assert.deepEqual(model.predictProba(example), { no: 0.25, yes: 0.75 });
  assert.deepEqual(model.explain(example).path, [
    { feature: "tempo", text: "tempo ≥ 110", threshold: 110, value: 120, wentLeft: false },
  ]);
});

test("predictProba() gives exact shares of the leaf's rows where ml-cart's sum is off", async () => {
  // Nine of ten rows added up one by one are 0.8999999999999999, ten are 0.9999999999999999.
  const rows = Array.from({ length: 20 }, (_, id) => ({
    x: id < 10 ? 0 : 1,
    y: id === 3 || id >= 10 ? "b" : "a",
  }));
  const model = await trainModel(rows, { target: "y", test: 0 });
  assert.deepEqual(model.predictProba([{ x: 0 }, { x: 1 }]), [
    { a: 0.9, b: 0.1 },
    { a: 0, b: 1 },
  ]);
  assert.deepEqual(model.explain({ x: 1 }).probabilities, { a: 0, b: 1 });
  assert.equal(model.explain({ x: 0 }).samples, 10);
  const { details: _, ...bare } = model.toJSON();
  for (const shares of createModel(bare).predictProba([{ x: 0 }, { x: 1 }])) {
    assert.ok(Object.values(shares).every((share) => share >= 0 && share <= 1));
  }
});

test("evaluate() judges a model on other rows, and names the one that does not fit", async () => {
  const model = await trainModel(songs(400), { target: "genre" });
  const others = songs(200);
  const judged = model.evaluate([...others, { ...others[0], genre: null }]);
  assert.ok(judged.task === "classification");
  assert.equal(judged.testRows, 200);
  const right = others.filter(
    (row) =>
      model.predict({ speechiness: Number(row.speechiness), tempo: Number(row.tempo) }) ===
      row.genre,
  );
  assert.equal(judged.accuracy, right.length / 200);
  assert.deepEqual(model.evaluate(tableFromRows(others)), judged);
  assert.throws(() => model.evaluate([...others, { ...others[0], tempo: "fast" }]), {
    code: "BAD_ROW",
    message: 'Row 200 needs a finite number for "tempo", not "fast".',
  });
  assert.throws(() => model.evaluate([{ ...others[0], genre: "Jazz" }]), {
    code: "BAD_ROW",
    message: 'Row 0 has "Jazz" for "genre", which the training data did not have.',
  });
  assert.throws(() => model.evaluate([{ speechiness: 1, tempo: 2 }]), { code: "BAD_TABLE" });
});

test("evaluate() judges numbers by R², mean and squared error", async () => {
  const rows = Array.from({ length: 40 }, (_, x) => ({ x, y: (x % 2) + (x < 20 ? 1 : 3) }));
  const model = await trainModel(rows, {
    target: "y",
    features: ["x"],
    task: "regression",
    maxDepth: 1,
    test: 0,
  });
  const judged = model.evaluate([
    { x: 0, y: 1.5 },
    { x: 39, y: 2.5 },
    { x: 1, y: 1.5 },
    { x: 38, y: 4.5 },
  ]);
  assert.deepEqual(judged, {
    task: "regression",
    trainRows: 40,
    testRows: 4,
    r2: 1 - 2 / 6,
    mae: 0.5,
    rmse: Math.sqrt(0.5),
  });
});

test("createModel() refuses what is no model", () => {
  for (const wrong of [{}, { ...tiny, trees: [{}] }, { ...tiny, version: 2 }]) {
    assert.throws(() => createModel(wrong as SavedModel), { code: "BAD_MODEL" }); // Wrong on purpose.
  }
});

/** Never called: it has to compile, and what is marked as wrong has to be wrong. */
export function typesOfAModel(
  model: Model<{ tempo: number; "odd name": number }, "a" | "b">,
): void {
  const label: "a" | "b" = model.predict({ tempo: 1, "odd name": 2 });
  const labels: ("a" | "b")[] = model.predict([{ tempo: 1, "odd name": 2 }]);
  // @ts-expect-error A column is missing.
  model.predict({ tempo: 1 });
  // @ts-expect-error A column is misspelt.
  model.predict({ tenpo: 1, "odd name": 2 });
  // @ts-expect-error A text where a number belongs.
  model.predictProba({ tempo: "1", "odd name": 2 });
  // @ts-expect-error There is no such label.
  const other: "c" = model.predict({ tempo: 1, "odd name": 2 });
  void [label, labels, other];
}
