// Indices are within bounds throughout; `as number` says so to the compiler.
import { firstTree } from "../compiled-trees.ts";
import type { SavedModel } from "../model.ts";
import { questionText } from "../question.ts";
import type { CompiledTree } from "../tree/compiled-tree.ts";

/** A node as a picture shows it. */
export interface ViewNode {
  /** In words; undefined for a leaf. */
  readonly question: string | undefined;
  readonly rows: number;
  /** Share of each class; empty for regression. */
  readonly shares: readonly number[];
  /** Mean of the target; regression only. */
  readonly mean: number;
  /** Code of the most frequent class. */
  readonly label: number;
  /** How many questions there are from here on, this one included. */
  readonly questions: number;
  /** The answers yes and no; undefined for a leaf. */
  readonly children: readonly [ViewNode, ViewNode] | undefined;
}

/** The first tree of a model from its root. Nodes are made when they are looked at. */
export function treeView(saved: SavedModel): ViewNode {
  return viewOf(0, { saved, tree: firstTree(saved), ...totals(saved) });
}

/** What is known of a tree's nodes, by their index. */
interface Totals {
  readonly rows: Float64Array;
  readonly questions: Int32Array;
  /** Shares by class, node after node; of a regression the mean. */
  readonly answers: Float64Array;
  /** Answers of one node. */
  readonly width: number;
}

const known = new WeakMap<SavedModel, Totals>();

function totals(saved: SavedModel): Totals {
  const found = known.get(saved) ?? addUp(saved);
  known.set(saved, found);
  return found;
}

function addUp(saved: SavedModel): Totals {
  const tree = firstTree(saved);
  const width = Math.max(1, saved.schema.labels.length);
  const size = tree.column.length;
  const rows = new Float64Array(size);
  const questions = new Int32Array(size);
  const answers = new Float64Array(size * width);
  const leafRows = tree.parts.rows ?? saved.details?.nodeRows[0];
  // Children come after their parents.
  for (let node = size - 1; node >= 0; node--) {
    const left = tree.left[node] as number;
    if (left < 0) {
      rows[node] = leafRows?.[node] ?? 0;
      tree.copyAnswer(node, answers, node * width);
      continue;
    }
    const right = tree.right[node] as number;
    const yes = rows[left] as number;
    const all = yes + (rows[right] as number);
    const part = all === 0 ? 0.5 : yes / all;
    rows[node] = all;
    questions[node] = 1 + (questions[left] as number) + (questions[right] as number);
    for (let code = 0; code < width; code++) {
      answers[node * width + code] =
        (answers[left * width + code] as number) * part +
        (answers[right * width + code] as number) * (1 - part);
    }
  }
  return { rows, questions, answers, width };
}

function viewOf(
  node: number,
  context: Totals & { readonly saved: SavedModel; readonly tree: CompiledTree },
): ViewNode {
  const { saved, tree, rows, questions, answers, width } = context;
  const own = Array.from(answers.subarray(node * width, (node + 1) * width));
  const isMean = saved.schema.task === "regression";
  const shares = isMean ? [] : own;
  const [left, right] = [tree.left[node] as number, tree.right[node] as number];
  const feature = saved.schema.features[tree.column[node] as number];
  const threshold = tree.threshold[node] as number;
  let children: [ViewNode, ViewNode] | undefined;
  return {
    question: left < 0 ? undefined : feature === undefined ? "?" : questionText(feature, threshold),
    rows: rows[node] as number,
    shares,
    mean: isMean ? (own[0] as number) : Number.NaN,
    label: largest(shares),
    questions: questions[node] as number,
    get children() {
      if (left >= 0) children ??= [viewOf(left, context), viewOf(right, context)];
      return children;
    },
  };
}

function largest(shares: readonly number[]): number {
  return shares.reduce((best, share, code) => (share > (shares[best] ?? 0) ? code : best), 0);
}
