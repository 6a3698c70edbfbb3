import type { Table } from "../data/table.ts";
import { writeWhole } from "../write-whole.ts";
import { compiledTrees } from "./compiled-trees.ts";
import { evaluateRows } from "./evaluate-rows.ts";
import { type CartTree, loadCartTree } from "./ml-cart.ts";
import type {
  Answer,
  Evaluation,
  Explanation,
  ModelSchema,
  OneOrMany,
  Row,
  SavedModel,
  Step,
  TrainedModel,
} from "./model.ts";
import { modelPath } from "./model-path.ts";
import { onnxModel } from "./onnx/onnx-model.ts";
import { modelHtml } from "./picture/model-html.ts";
import { modelText } from "./picture/model-text.ts";
import { questionText } from "./question.ts";
import { RowVector } from "./row-vector.ts";
import { type CompiledTree, leafOf } from "./tree/compiled-tree.ts";
import { exactShares, largest, meanAnswer } from "./tree/mean-answer.ts";

/** A model of one decision tree, or of several that answer together. */
export class TreeModel implements TrainedModel {
  readonly schema: ModelSchema;
  readonly evaluation: Evaluation;
  readonly #saved: SavedModel;
  readonly #trees: readonly CompiledTree[];
  readonly #vector: RowVector;
  readonly #leafShares: Record<string, number>[] = [];
  #tree: CartTree | undefined;

  /** Throws BAD_MODEL where `saved` is not whole. */
  constructor(saved: SavedModel) {
    this.schema = saved.schema;
    this.evaluation = saved.evaluation;
    this.#saved = saved;
    this.#trees = compiledTrees(saved);
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

  predict<Many = never>(input: OneOrMany<Row, Many>): Answer<string | number, Many> {
    const answer = isRows(input)
      ? input.map((row, index) => this.#predictOne(row, index))
      : this.#predictOne(input);
    return answer as Answer<string | number, Many>; // An array for an array, as the type says.
  }

  predictProba<Many = never>(input: OneOrMany<Row, Many>): Answer<Record<string, number>, Many> {
    const shares = isRows(input)
      ? input.map((row, index) => this.#shares(row, index))
      : this.#shares(input);
    return shares as Answer<Record<string, number>, Many>; // As above.
  }

  /** Of a forest: the path through its first tree, and the shares of all of them. */
  explain(row: Row): Explanation {
    const probabilities = this.#shares(row);
    const { values } = this.#vector;
    const { column, threshold, left, right } = this.#first;
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
    return { path, samples: this.#rowsIn(node), probabilities };
  }

  leafOf(values: Float64Array): number | undefined {
    return this.#trees.length === 1 ? leafOf(this.#first, values) : undefined;
  }

  evaluate(rows: Table | Table<never> | readonly object[]): Evaluation {
    return evaluateRows(this, rows);
  }

  importance(): Record<string, number> {
    return { ...this.#saved.details?.importance };
  }

  toJSON(): SavedModel {
    return this.#saved;
  }

  async save(path: string): Promise<void> {
    await writeModel(path, JSON.stringify(this.#saved));
  }

  async exportOnnx(path: string): Promise<void> {
    await writeModel(path, onnxModel(this.#saved));
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": modelHtml(this.#saved), "text/plain": modelText(this.#saved) };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return modelText(this.#saved);
  }

  get #first(): CompiledTree {
    return this.#trees[0] as CompiledTree; // The constructor has seen to it that there is one.
  }

  /** A number, or the share of each class up to the last that is there. */
  #answer(row: unknown, index?: number): readonly number[] | number {
    const values = this.#vector.fill(row, index);
    if (this.#trees.length > 1) return meanAnswer(this.#trees, values);
    return this.#first.answerAt(leafOf(this.#first, values));
  }

  /** Training rows in a node of the first tree; 0 where the model does not say. */
  #rowsIn(node: number): number {
    return this.#saved.details?.nodeRows[0]?.[node] ?? 0;
  }

  #predictOne(row: unknown, index?: number): string | number {
    const answer = this.#answer(row, index);
    return typeof answer === "number" ? answer : (this.schema.labels[largest(answer)] ?? "");
  }

  #shares(row: unknown, index?: number): Record<string, number> {
    const answer = this.#answer(row, index);
    if (typeof answer === "number") return { [this.schema.target]: answer };
    if (this.#trees.length > 1) return this.#name(exactShares(answer, 0));
    // A tree has as many answers as leaves; whoever asks gets one to keep.
    const leaf = leafOf(this.#first, this.#vector.values);
    this.#leafShares[leaf] ??= this.#name(exactShares(answer, this.#rowsIn(leaf)));
    return { ...this.#leafShares[leaf] };
  }

  #name(shares: readonly number[]): Record<string, number> {
    return Object.fromEntries(this.schema.labels.map((label, code) => [label, shares[code] ?? 0]));
  }
}

function isRows(input: unknown): input is readonly Row[] {
  return Array.isArray(input);
}

async function writeModel(path: string, content: string | Uint8Array): Promise<void> {
  const file = modelPath(path);
  await writeWhole(file, content, { failed: `The model is not saved in ${file}` });
}
