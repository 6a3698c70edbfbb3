import type { Column } from "../../data/column.ts";
import { speedOf } from "../../data/speed.ts";
import { Table } from "../../data/table.ts";
import { cartVersion } from "../ml-cart.ts";
import type { ModelDetails, SavedModel } from "../model.ts";
import { percent } from "../picture/numbers.ts";
import { compileFlat, type TreeParts } from "../tree/compiled-tree.ts";
import type { FlatTree } from "../tree/flat-tree.ts";
import type { TreeOptions } from "../tree/tree-options.ts";
import { averageAnswer } from "./average-answer.ts";
import { chooseFeatures } from "./choose-features.ts";
import { type Asked, chooseOptions } from "./choose-options.ts";
import { exampleRow } from "./example-row.ts";
import { growForest } from "./grow-forest.ts";
import { importances } from "./importance.ts";
import { evaluate, growTree, type Material, prepare } from "./material.ts";
import { advice, encodingNotes } from "./notes.ts";
import { pick } from "./pick.ts";
import { readTarget, type Target } from "./target.ts";

/** Everything a fit depends on: plain data, so that it can be sent to a worker. */
export interface FitInput {
  readonly columns: readonly Column[];
  readonly source: string;
  readonly target: string;
  readonly features: readonly string[] | undefined;
  readonly task: Target["task"] | undefined;
  readonly name: string | undefined;
  /** What the user has set; the rest is ml-cart's default, or chosen where the depth is "auto". */
  readonly tree: Asked & { readonly maxDepth: number | "auto" | undefined };
  readonly test: number;
  readonly seed: number;
  /** One tree, or a forest of so many. */
  readonly trees: number;
}

/** A model but for the JSON of its trees, which takes long to send and to make of large trees. */
export interface Fitted {
  readonly model: Omit<SavedModel, "trees" | "details">;
  readonly details: Omit<ModelDetails, "nodeRows">;
  readonly trees: readonly FlatTree[];
  /** The same trees, compiled. */
  readonly compiled: readonly TreeParts[];
  readonly treeOptions: TreeOptions;
}

export type OnStep = (text: string, share?: number, speed?: string) => void;

/** Trains a model from columns. Pure: the same input gives the same everywhere, but for its date. */
export function fit(input: FitInput, onStep: OnStep): Fitted {
  const table = new Table(input.columns, { source: input.source });
  const target = readTarget(table.column(input.target), input.task);
  const choice = chooseFeatures(table, input.target, input.features);
  onStep("preparing columns");
  const material = prepare(input, target, choice.columns);
  const { options, note } = treeOptions(material, input, onStep);
  const grown =
    input.trees > 1
      ? growMany(material, options, input, onStep)
      : growOne(material, options, onStep);
  onStep("checking on held-out rows");
  const compiled = grown.trees.map(compileFlat);
  const evaluation = evaluate(material, averageAnswer(compiled));
  const features = material.features.map(({ feature }) => feature);
  return {
    model: {
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
      options: {
        maxDepth: Number.isFinite(options.maxDepth) ? options.maxDepth : null,
        gainThreshold: options.gainThreshold,
        minSamples: options.minNumSamples,
        test: input.test,
        seed: input.seed,
        trees: input.trees,
      },
      createdAt: new Date().toISOString(),
      versions: { node: process.versions.node, "ml-cart": cartVersion() },
    },
    details: {
      importance: Object.fromEntries(
        features
          .map(({ name }, index) => [name, grown.importances[index] ?? 0] as const)
          .sort((a, b) => b[1] - a[1]),
      ),
      notes: [
        ...choice.notes,
        ...target.notes,
        ...encodingNotes(input.columns, features),
        ...(note === undefined ? [] : [note]),
        ...grown.notes,
        ...(input.trees > 1 ? [] : advice(material, options, evaluation)),
      ],
      source: input.source,
    },
    trees: grown.trees,
    compiled: compiled.map(({ parts }) => parts),
    treeOptions: options,
  };
}

interface Grown {
  readonly trees: readonly FlatTree[];
  readonly importances: readonly number[];
  readonly notes: readonly string[];
}

function growOne(material: Material, options: TreeOptions, onStep: OnStep): Grown {
  const { target, train, trainColumns: columns } = material;
  onStep("growing the tree", 0);
  const speed = speedOf("rows");
  const onGrowth = (share: number) =>
    onStep("growing the tree", share, speed(share * train.length));
  const tree = growTree(material, options, { onGrowth });
  const targets = target.task === "regression" ? pick(target.values, train) : undefined;
  return {
    trees: [tree],
    importances: importances(compileFlat(tree), tree.rows, { columns, targets }),
    notes: [],
  };
}

function growMany(
  material: Material,
  options: TreeOptions,
  { trees: count, seed }: FitInput,
  onStep: OnStep,
): Grown {
  const speed = speedOf("trees");
  const onShare = (share: number) => onStep(`growing ${count} trees`, share, speed(share * count));
  onShare(0);
  const forest = growForest(material, options, { count, seed, onShare });
  const score =
    material.target.task === "classification"
      ? percent(forest.outOfBag)
      : `R² ${forest.outOfBag.toFixed(3)}`;
  return {
    ...forest,
    notes: [`Each row judged by the trees that did not see it (out of bag): ${score}`],
  };
}

/** ml-cart's defaults with what was asked for; by cross-validation where the depth is "auto". */
function treeOptions(
  material: Material,
  { tree, seed, trees }: FitInput,
  onStep: OnStep,
): { options: TreeOptions; note: string | undefined } {
  if (tree.maxDepth === "auto") {
    const onShare = (share: number) => onStep("choosing the tree's size", share);
    onShare(0);
    const { options, score } = chooseOptions(material, tree, { seed, onShare });
    const flags = `--max-depth ${options.maxDepth} --gain-threshold ${options.gainThreshold} --min-samples ${options.minNumSamples}`;
    return { options, note: `Five-fold cross-validation chose ${flags} (${score.toFixed(3)})` };
  }
  if (trees > 1) {
    // Many trees even out what one grown-out tree gets wrong.
    const { maxDepth = Infinity, gainThreshold = 0, minNumSamples = 1 } = tree;
    return { options: { maxDepth, gainThreshold, minNumSamples }, note: undefined };
  }
  const byTask = material.target.task === "classification" ? 0.01 : 0;
  return {
    options: {
      maxDepth: tree.maxDepth ?? 10,
      gainThreshold: tree.gainThreshold ?? byTask,
      minNumSamples: tree.minNumSamples ?? 3,
    },
    note: undefined,
  };
}
