import { type Column, columnValue } from "../../data/column.ts";
import { Table } from "../../data/table.ts";
import { ColabCodeError } from "../../errors.ts";
import { evaluateClasses, evaluateNumbers } from "../evaluation.ts";
import type { Evaluation, Feature, Row, SavedModel } from "../model.ts";
import { toCartJson } from "../tree/cart-json.ts";
import { type CompiledTree, compileTree, leafOf } from "../tree/compiled-tree.ts";
import type { FlatTree } from "../tree/flat-tree.ts";
import { growClassifier } from "../tree/grow-classifier.ts";
import { growRegression } from "../tree/grow-regression.ts";
import type { TreeOptions } from "../tree/tree-options.ts";
import { chooseFeatures } from "./choose-features.ts";
import { type EncodedFeature, encodeFeature } from "./encode-feature.ts";
import { importances } from "./importance.ts";
import { splitRows } from "./split-rows.ts";
import { readTarget, type Target } from "./target.ts";

/** Everything a fit depends on: plain data, so that it can be sent to a worker. */
export interface FitInput {
  readonly columns: readonly Column[];
  readonly source: string;
  readonly target: string;
  readonly features: readonly string[] | undefined;
  readonly task: Target["task"] | undefined;
  readonly name: string | undefined;
  /** Without a threshold: 0.01 for classes, 0 for numbers, as ml-cart has it. */
  readonly tree: Omit<TreeOptions, "gainThreshold"> & {
    readonly gainThreshold: number | undefined;
  };
  readonly test: number;
  readonly seed: number;
}

export type OnStep = (text: string, share?: number) => void;

/** What the trees are grown from and judged by. */
interface Material {
  readonly target: Target;
  readonly features: readonly EncodedFeature[];
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly trainColumns: readonly Float64Array[];
}

/** Trains a model from columns. Pure: the same input gives the same model everywhere, but for its date. */
export function fit(input: FitInput, onStep: OnStep): SavedModel {
  const table = new Table(input.columns, { source: input.source });
  const target = readTarget(table.column(input.target), input.task);
  const choice = chooseFeatures(table, input.target, input.features);
  onStep("preparing columns");
  const material = prepare(input, target, choice.columns);
  const byTask = target.task === "classification" ? 0.01 : 0;
  const options = { ...input.tree, gainThreshold: input.tree.gainThreshold ?? byTask };
  onStep("growing the tree", 0);
  const flat = growTree(material, options, (share) => onStep("growing the tree", share));
  onStep("checking on held-out rows");
  const json = toCartJson(flat, options);
  const tree = compileTree(json);
  const evaluation = evaluate(material, tree);
  const nodeRows = flat.nodes.map((node) => node.rows);
  const targets = target.task === "regression" ? pick(target.values, material.train) : undefined;
  const shares = importances(tree, nodeRows, { columns: material.trainColumns, targets });
  const features = material.features.map(({ feature }) => feature);
  return {
    format: "colabcode-model",
    version: 1,
    schema: {
      name: input.name ?? input.target,
      task: target.task,
      target: input.target,
      features,
      labels: target.task === "classification" ? target.labels : [],
      example: exampleRow(table, material, features),
    },
    evaluation,
    trees: [json],
    options: {
      maxDepth: Number.isFinite(input.tree.maxDepth) ? input.tree.maxDepth : null,
      gainThreshold: options.gainThreshold,
      minSamples: input.tree.minNumSamples,
      test: input.test,
      seed: input.seed,
    },
    createdAt: new Date().toISOString(),
    versions: { node: process.versions.node },
    details: {
      nodeRows: [nodeRows],
      importance: Object.fromEntries(
        features
          .map(({ name }, index) => [name, shares[index] ?? 0] as const)
          .sort((a, b) => b[1] - a[1]),
      ),
      notes: [
        ...choice.notes,
        ...target.notes,
        ...encodingNotes(input.columns, features),
        ...advice(material, options, evaluation),
      ],
      source: input.source,
    },
  };
}

function prepare(input: FitInput, target: Target, columns: readonly Column[]): Material {
  const groups =
    target.task === "classification" ? target.codes : new Uint16Array(target.rows.length);
  const { train, test } = splitRows(groups, input.test, input.seed);
  const trainRows = pick(target.rows, train);
  const outcome =
    target.task === "classification"
      ? { codes: pick(target.codes, train), classCount: target.labels.length }
      : { values: pick(target.values, train) };
  const features = columns.map((column) => {
    if (column.kind === "date")
      throw new ColabCodeError("BAD_TABLE", `"${column.name}" holds dates.`);
    return encodeFeature(column, trainRows, outcome);
  });
  const trainColumns = features.map(({ values }) => pick(values, trainRows));
  return { target, features, train, test, trainColumns };
}

function growTree(
  { target, train, trainColumns: columns }: Material,
  options: TreeOptions,
  onGrowth: (share: number) => void,
): FlatTree {
  return target.task === "classification"
    ? growClassifier(
        { columns, labels: pick(target.codes, train), classCount: target.labels.length },
        options,
        onGrowth,
      )
    : growRegression({ columns, targets: pick(target.values, train) }, options, onGrowth);
}

/** Judged on held-out rows; on the training rows where none were held out. */
function evaluate({ target, features, train, test }: Material, tree: CompiledTree): Evaluation {
  const judged = test.length > 0 ? test : train;
  const counts = { trainRows: train.length, testRows: test.length };
  const vector = new Float64Array(features.length);
  const predicted = Float64Array.from(judged, (index) => {
    const row = target.rows[index] as number;
    for (const [column, { values }] of features.entries()) vector[column] = values[row] as number;
    const answer = tree.distribution[leafOf(tree, vector)];
    return typeof answer === "number"
      ? answer
      : (answer ?? []).indexOf(Math.max(...(answer ?? [])));
  });
  return target.task === "classification"
    ? evaluateClasses(target.labels, pick(target.codes, judged), predicted, counts)
    : evaluateNumbers(pick(target.values, judged), predicted, counts);
}

function pick<T extends Float64Array | Int32Array | Uint16Array>(
  values: T,
  indices: Int32Array,
): T {
  // A view's constructor makes a view of the same kind.
  const picked = new (values.constructor as new (length: number) => T)(indices.length);
  for (let index = 0; index < indices.length; index++) {
    picked[index] = values[indices[index] as number] as number;
  }
  return picked;
}

/** The first training row that has all its values, else the first. */
function exampleRow(table: Table, material: Material, features: readonly Feature[]): Row {
  const columns = features.map(({ name }) => table.column(name));
  const rows = pick(material.target.rows, material.train);
  const isWhole = (row: number) => columns.every((column) => columnValue(column, row) !== null);
  const row = rows.subarray(0, 10_000).find(isWhole) ?? rows[0] ?? 0;
  return Object.fromEntries(
    features.map(({ name, kind, fallback }, index) => {
      const value = columnValue(columns[index] as Column, row) ?? fallback;
      return [name, kind === "category" ? String(value) : value];
    }),
  );
}

function encodingNotes(columns: readonly Column[], features: readonly Feature[]): string[] {
  const notes: string[] = [];
  const filled = features
    .filter(({ isOptional }) => isOptional)
    .map(({ name }) => {
      const missing = columns.find((column) => column.name === name)?.missing ?? 0;
      return `"${name}" (${missing.toLocaleString("en-US")})`;
    });
  if (filled.length > 0) {
    notes.push(
      `Missing values are filled in with the median or the most frequent text: ${filled.join(", ")}`,
    );
  }
  const texts = features.filter(({ kind }) => kind === "category").map(({ name }) => `"${name}"`);
  if (texts.length > 0) {
    notes.push(
      `Texts are ordered by how the target goes with them, and a question cuts that order in two: ${texts.join(", ")}`,
    );
  }
  return notes;
}

/** Says so when a larger tree does clearly better on the held-out rows. */
function advice(material: Material, options: TreeOptions, evaluation: Evaluation): string[] {
  if (evaluation.testRows < 50) return [];
  const larger = {
    ...options,
    gainThreshold: 0,
    minNumSamples: Math.min(1, options.minNumSamples),
  };
  if (
    larger.gainThreshold >= options.gainThreshold &&
    larger.minNumSamples >= options.minNumSamples
  )
    return [];
  const tree = compileTree(
    toCartJson(
      growTree(material, larger, () => {}),
      larger,
    ),
  );
  const other = evaluate(material, tree);
  const flags = `--gain-threshold 0 --min-samples ${larger.minNumSamples}`;
  if (other.task === "classification" && evaluation.task === "classification") {
    const share = evaluation.accuracy;
    const chance = Math.sqrt((share * (1 - share)) / evaluation.testRows);
    if (other.accuracy - share < Math.max(0.01, chance)) return [];
    const [now, then] = [share, other.accuracy].map((value) => value.toFixed(3));
    return [`The tree stops early: ${flags} gives ${then} instead of ${now} on the held-out rows`];
  }
  if (other.task === "regression" && evaluation.task === "regression") {
    if (other.r2 - evaluation.r2 < 0.02) return [];
    const [now, then] = [evaluation.r2, other.r2].map((value) => value.toFixed(3));
    return [
      `The tree stops early: ${flags} gives an R² of ${then} instead of ${now} on the held-out rows`,
    ];
  }
  return [];
}
