import { writeFile } from "node:fs/promises";
import { type CartTree, loadCartTree } from "./ml-cart.ts";
import type {
  Evaluation,
  Explanation,
  Model,
  ModelSchema,
  Row,
  SavedModel,
  Step,
} from "./model.ts";
import { modelHtml } from "./picture/model-html.ts";
import { modelText } from "./picture/model-text.ts";
import { questionText } from "./question.ts";
import { RowVector } from "./row-vector.ts";
import { type CompiledTree, compileTree, leafOf } from "./tree/compiled-tree.ts";

/** A model of one decision tree. */
export class TreeModel implements Model {
  readonly schema: ModelSchema;
  readonly evaluation: Evaluation;
  readonly #saved: SavedModel;
  readonly #compiled: CompiledTree;
  readonly #vector: RowVector;
  #tree: CartTree | undefined;

  /** Throws BAD_MODEL where `saved` is not whole. */
  constructor(saved: SavedModel) {
    this.schema = saved.schema;
    this.evaluation = saved.evaluation;
    this.#saved = saved;
    this.#compiled = compileTree(saved.trees[0]);
    this.#vector = new RowVector(saved.schema.features);
  }

  /** What was left out, filled in or is worth knowing, one sentence each. */
  get notes(): readonly string[] {
    return this.#saved.details?.notes ?? [];
  }

  /** The tree as ml-cart's own object. */
  get tree(): CartTree {
    this.#tree ??= loadCartTree(this.#saved.trees[0], this.schema.task);
    return this.#tree;
  }

  predict(row: Row): string | number;
  predict(rows: readonly Row[]): (string | number)[];
  predict(input: Row | readonly Row[]): string | number | (string | number)[] {
    return isRows(input)
      ? input.map((row, index) => this.#predictOne(row, index))
      : this.#predictOne(input);
  }

  predictProba(row: Row): Record<string, number>;
  predictProba(rows: readonly Row[]): Record<string, number>[];
  predictProba(input: Row | readonly Row[]): Record<string, number> | Record<string, number>[] {
    return isRows(input)
      ? input.map((row, index) => this.#shares(this.#leaf(row, index)))
      : this.#shares(this.#leaf(input));
  }

  explain(row: Row): Explanation {
    const values = this.#vector.fill(row);
    const { column, threshold, left, right } = this.#compiled;
    const path: Step[] = [];
    let node = 0;
    for (let place = column[0] ?? -1; place >= 0; place = column[node] ?? -1) {
      const feature = this.schema.features[place];
      const cut = threshold[node] ?? Number.NaN;
      const value = values[place] ?? Number.NaN;
      const wentLeft = value < cut;
      if (feature !== undefined) {
        const text = questionText(feature, cut, { wentLeft });
        path.push({ feature: feature.name, text, threshold: cut, value, wentLeft });
      }
      node = (wentLeft ? left[node] : right[node]) ?? 0;
    }
    const samples = this.#saved.details?.nodeRows[0]?.[node] ?? 0;
    return { path, samples, probabilities: this.#shares(node) };
  }

  importance(): Record<string, number> {
    return { ...this.#saved.details?.importance };
  }

  toJSON(): SavedModel {
    return this.#saved;
  }

  async save(path: string): Promise<void> {
    await writeFile(path, JSON.stringify(this.#saved));
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": modelHtml(this.#saved), "text/plain": modelText(this.#saved) };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return modelText(this.#saved);
  }

  #leaf(row: unknown, index?: number): number {
    return leafOf(this.#compiled, this.#vector.fill(row, index));
  }

  #predictOne(row: unknown, index?: number): string | number {
    const answer = this.#compiled.distribution[this.#leaf(row, index)];
    if (typeof answer === "number") return answer;
    return this.schema.labels[largest(answer ?? [])] ?? "";
  }

  #shares(leaf: number): Record<string, number> {
    const answer = this.#compiled.distribution[leaf];
    if (typeof answer === "number") return { [this.schema.target]: answer };
    return Object.fromEntries(
      this.schema.labels.map((label, code) => [label, answer?.[code] ?? 0]),
    );
  }
}

function isRows(input: Row | readonly Row[]): input is readonly Row[] {
  return Array.isArray(input);
}

/** Index of the first greatest, as ml-cart takes it. */
function largest(shares: readonly number[]): number {
  let best = 0;
  for (let index = 1; index < shares.length; index++) {
    if ((shares[index] as number) > (shares[best] as number)) best = index;
  }
  return best;
}
