import type { Column } from "../../data/column.ts";
import type { Evaluation, Feature } from "../model.ts";
import { compileFlat } from "../tree/compiled-tree.ts";
import type { TreeOptions } from "../tree/tree-options.ts";
import { averageAnswer } from "./average-answer.ts";
import { evaluate, growTree, type Material } from "./material.ts";

/** How missing values and texts are turned into numbers, one sentence each. */
export function encodingNotes(columns: readonly Column[], features: readonly Feature[]): string[] {
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
export function advice(material: Material, options: TreeOptions, evaluation: Evaluation): string[] {
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
  const tree = compileFlat(growTree(material, larger));
  const other = evaluate(material, averageAnswer([tree]));
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
