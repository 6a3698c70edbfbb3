// Indices are within bounds throughout; `as number` says so to the compiler.
import { ColabCodeError } from "../../errors.ts";
import { type CompiledTree, compileFlat } from "../tree/compiled-tree.ts";
import { distributionOf, type FlatTree } from "../tree/flat-tree.ts";
import type { TreeOptions } from "../tree/tree-options.ts";
import { growTree, type Material } from "./material.ts";
import { pick } from "./pick.ts";
import { seededRandom, shuffle } from "./random.ts";

const folds = 5;
const deepest = 24;
/** Beyond this the choice is made on so many of the rows. */
const mostRows = 100_000;

/** What may be tried: what the user has set stays. */
export interface Asked {
  readonly gainThreshold: number | undefined;
  readonly minNumSamples: number | undefined;
}

export interface Chosen {
  readonly options: TreeOptions;
  /** Mean accuracy, or mean R², over the folds. */
  readonly score: number;
}

/**
 * The options that do best in five-fold cross-validation on the training rows; among equals the
 * smallest tree. Throws BAD_TABLE where there are fewer rows than folds.
 */
export function chooseOptions(
  material: Material,
  asked: Asked,
  { seed, onShare }: { seed: number; onShare: (share: number) => void },
): Chosen {
  const rows = material.train.length;
  if (rows < folds * 2) {
    throw new ColabCodeError("BAD_TABLE", `${rows} rows are too few for ${folds} folds.`, {
      hint: "Give --max-depth a number instead of auto.",
    });
  }
  const places = shuffle(
    Int32Array.from({ length: rows }, (_, place) => place),
    seededRandom(seed),
  );
  const used = places.subarray(0, mostRows);
  const grid = candidates(asked, material.target.task);
  const scores = grid.map(() => new Float64Array(deepest + 1));
  for (let fold = 0; fold < folds; fold++) {
    const held = used.filter((_, index) => index % folds === fold).sort();
    const kept = used.filter((_, index) => index % folds !== fold).sort();
    for (const [index, options] of grid.entries()) {
      const tree = growTree(material, options, { places: kept });
      const byDepth = scoreByDepth(material, tree, held);
      const sums = scores[index] ?? new Float64Array();
      for (const [depth, score] of byDepth.entries())
        sums[depth] = (sums[depth] ?? 0) + score / folds;
      onShare((fold * grid.length + index + 1) / (folds * grid.length));
    }
  }
  return best(grid, scores);
}

function candidates(asked: Asked, task: Material["target"]["task"]): TreeOptions[] {
  // For numbers the threshold is in the target's own unit: there is none to try.
  const usual = task === "classification" ? [0.01, 0] : [0];
  const gains = asked.gainThreshold === undefined ? usual : [asked.gainThreshold];
  const sizes = asked.minNumSamples === undefined ? [50, 20, 8, 3, 1] : [asked.minNumSamples];
  return gains.flatMap((gainThreshold) =>
    sizes.map((minNumSamples) => ({ gainThreshold, minNumSamples, maxDepth: deepest })),
  );
}

function best(grid: readonly TreeOptions[], scores: readonly Float64Array[]): Chosen {
  let chosen: Chosen | undefined;
  for (let maxDepth = 1; maxDepth <= deepest; maxDepth++) {
    for (const [index, options] of grid.entries()) {
      const score = scores[index]?.[maxDepth] ?? -Infinity;
      // Sums over folds differ by rounding where the trees are the same.
      if (chosen === undefined || score > chosen.score + 1e-9) {
        chosen = { options: { ...options, maxDepth }, score };
      }
    }
  }
  if (chosen === undefined) throw new RangeError("There is at least one candidate.");
  return chosen;
}

/** A tree cut at a depth is the tree grown to that depth, so that one tree tells for all depths. */
function scoreByDepth(
  { target, features, train }: Material,
  tree: FlatTree,
  held: Int32Array,
): number[] {
  const compiled = compileFlat(tree);
  const answers = nodeAnswers(tree, compiled);
  const rows = pick(train, held);
  const truth =
    target.task === "classification" ? pick(target.codes, rows) : pick(target.values, rows);
  const tableRows = pick(target.rows, rows);
  const errors = new Float64Array(deepest + 1);
  const isClass = target.task === "classification";
  for (const [index, row] of tableRows.entries()) {
    let node = 0;
    for (let depth = 0; depth <= deepest; depth++) {
      const off = (answers[node] as number) - (truth[index] as number);
      errors[depth] = (errors[depth] as number) + (isClass ? Number(off !== 0) : off * off);
      const column = compiled.column[node] as number;
      if (column < 0) continue;
      const value = (features[column]?.values as Float64Array)[row] as number;
      const next = value < (compiled.threshold[node] as number) ? compiled.left : compiled.right;
      node = next[node] as number;
    }
  }
  const scale = isClass ? held.length : spread(truth);
  return Array.from(errors, (error) => (scale === 0 ? 0 : 1 - error / scale));
}

/** What each node would answer if the tree ended there. */
function nodeAnswers(tree: FlatTree, { left, right }: CompiledTree): Float64Array {
  const answers = new Float64Array(tree.rows.length);
  const counts: Float64Array[] = [];
  for (let node = answers.length - 1; node >= 0; node--) {
    const rows = tree.rows[node] as number;
    const distribution = distributionOf(tree, node);
    if (typeof distribution === "number") counts[node] = Float64Array.of(distribution * rows);
    else if (distribution !== undefined)
      counts[node] = Float64Array.from(distribution, (share) => share * rows);
    else counts[node] = sum(counts[left[node] as number], counts[right[node] as number]);
    const here = counts[node] as Float64Array;
    answers[node] =
      tree.kind === "regression" ? (here[0] as number) / rows : here.indexOf(Math.max(...here));
  }
  return answers;
}

function sum(
  a: Float64Array = new Float64Array(),
  b: Float64Array = new Float64Array(),
): Float64Array {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  return longer.map((value, index) => value + (shorter[index] ?? 0));
}

function spread(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index] as number;
  const mean = total / values.length;
  let squares = 0;
  for (let index = 0; index < values.length; index++)
    squares += ((values[index] as number) - mean) ** 2;
  return squares;
}
