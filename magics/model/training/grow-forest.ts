import { type CompiledTree, compileFlat, leafOf } from "../tree/compiled-tree.ts";
import type { FlatTree } from "../tree/flat-tree.ts";
import type { TreeOptions } from "../tree/tree-options.ts";
import { importances } from "./importance.ts";
import { growTree, type Material } from "./material.ts";
import { pick } from "./pick.ts";
import { seededRandom } from "./random.ts";

export interface Forest {
  readonly trees: readonly FlatTree[];
  /** Accuracy or R² on the training rows, each judged by the trees that did not see it. */
  readonly outOfBag: number;
  /** Share of the gain by column, mean over the trees. */
  readonly importances: readonly number[];
}

/** Grows trees, each on as many rows as there are, drawn with replacement. */
export function growForest(
  material: Material,
  options: TreeOptions,
  { count, seed, onShare }: { count: number; seed: number; onShare: (share: number) => void },
): Forest {
  const random = seededRandom(seed);
  const rows = material.train.length;
  const votes = new Votes(material);
  const trees: FlatTree[] = [];
  const shares = material.trainColumns.map(() => 0);
  for (let index = 0; index < count; index++) {
    // In the order of the rows, as a tree of all rows has them.
    const places = Int32Array.from({ length: rows }, () => Math.floor(random() * rows)).sort();
    const tree = growTree(material, options, { places });
    trees.push(tree);
    const compiled = compileFlat(tree);
    votes.add(compiled, places);
    for (const [column, share] of treeImportances(material, { tree, compiled, places }).entries()) {
      shares[column] = (shares[column] ?? 0) + share / count;
    }
    onShare((index + 1) / count);
  }
  return { trees, outOfBag: votes.score(), importances: shares };
}

function treeImportances(
  { target, train, trainColumns }: Material,
  { tree, compiled, places }: { tree: FlatTree; compiled: CompiledTree; places: Int32Array },
): number[] {
  if (target.task === "classification") {
    return importances(compiled, tree.rows, { columns: trainColumns, targets: undefined });
  }
  const columns = trainColumns.map((column) => pick(column, places));
  const targets = pick(target.values, pick(train, places));
  return importances(compiled, tree.rows, { columns, targets });
}

/** What trees say of the training rows that they have not seen. */
class Votes {
  readonly #material: Material;
  readonly #size: number;
  readonly #sums: Float64Array;
  readonly #counts: Int32Array;

  constructor(material: Material) {
    const { target, train } = material;
    this.#material = material;
    this.#size = target.task === "classification" ? target.labels.length : 1;
    this.#sums = new Float64Array(train.length * this.#size);
    this.#counts = new Int32Array(train.length);
  }

  add(tree: CompiledTree, places: Int32Array): void {
    const { trainColumns } = this.#material;
    const isSeen = new Uint8Array(this.#counts.length);
    for (const place of places) isSeen[place] = 1;
    const vector = new Float64Array(trainColumns.length);
    for (let place = 0; place < isSeen.length; place++) {
      if (isSeen[place] === 1) continue;
      for (const [column, values] of trainColumns.entries()) vector[column] = values[place] ?? 0;
      const answer = tree.answerAt(leafOf(tree, vector));
      this.#counts[place] = (this.#counts[place] ?? 0) + 1;
      const start = place * this.#size;
      for (const [code, share] of (typeof answer === "number" ? [answer] : answer).entries()) {
        this.#sums[start + code] = (this.#sums[start + code] ?? 0) + share;
      }
    }
  }

  score(): number {
    const { target, train } = this.#material;
    const seen = Int32Array.from(train, (_, place) => place).filter(
      (place) => this.#counts[place] !== 0,
    );
    if (seen.length === 0) return Number.NaN;
    if (target.task === "classification") {
      const truth = pick(target.codes, pick(train, seen));
      let right = 0;
      for (const [index, place] of seen.entries()) {
        const sums = this.#sums.subarray(place * this.#size, (place + 1) * this.#size);
        if (sums.indexOf(Math.max(...sums)) === truth[index]) right++;
      }
      return right / seen.length;
    }
    const truth = pick(target.values, pick(train, seen));
    const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
    let error = 0;
    let spread = 0;
    for (const [index, place] of seen.entries()) {
      const value = truth[index] ?? 0;
      error += ((this.#sums[place] ?? 0) / (this.#counts[place] ?? 1) - value) ** 2;
      spread += (value - mean) ** 2;
    }
    return spread === 0 ? 0 : 1 - error / spread;
  }
}
