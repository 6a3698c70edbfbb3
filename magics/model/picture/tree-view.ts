import type { SavedModel } from "../model.ts";
import { questionText } from "../question.ts";
import { type CompiledTree, compileTree } from "../tree/compiled-tree.ts";

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

/** The first tree of a model from its root. */
export function treeView(saved: SavedModel): ViewNode {
  const tree = compileTree(saved.trees[0]);
  const nodeRows = saved.details?.nodeRows[0];
  const views: ViewNode[] = [];
  for (let node = tree.column.length - 1; node >= 0; node--) {
    const yes = views[tree.left[node] ?? -1];
    const no = views[tree.right[node] ?? -1];
    views[node] =
      yes === undefined || no === undefined
        ? leaf(tree, node, { rows: nodeRows?.[node] ?? 0, classes: saved.schema.labels.length })
        : inner(saved, tree, { node, yes, no });
  }
  const root = views[0];
  if (root === undefined) throw new RangeError("A compiled tree has at least one node.");
  return root;
}

function leaf(
  tree: CompiledTree,
  node: number,
  { rows, classes }: { rows: number; classes: number },
): ViewNode {
  const answer = tree.distribution[node];
  const isMean = typeof answer === "number";
  const shares = isMean ? [] : Array.from({ length: classes }, (_, code) => answer?.[code] ?? 0);
  return {
    question: undefined,
    rows,
    shares,
    mean: isMean ? answer : Number.NaN,
    label: largest(shares),
    questions: 0,
    children: undefined,
  };
}

function inner(
  saved: SavedModel,
  tree: CompiledTree,
  { node, yes, no }: { node: number; yes: ViewNode; no: ViewNode },
): ViewNode {
  const rows = yes.rows + no.rows;
  const part = rows === 0 ? 0.5 : yes.rows / rows;
  const shares = yes.shares.map(
    (share, code) => share * part + (no.shares[code] ?? 0) * (1 - part),
  );
  const feature = saved.schema.features[tree.column[node] ?? 0];
  const threshold = tree.threshold[node] ?? Number.NaN;
  return {
    question: feature === undefined ? "?" : questionText(feature, threshold),
    rows,
    shares,
    mean: yes.mean * part + no.mean * (1 - part),
    label: largest(shares),
    questions: 1 + yes.questions + no.questions,
    children: [yes, no],
  };
}

function largest(shares: readonly number[]): number {
  return shares.reduce((best, share, code) => (share > (shares[best] ?? 0) ? code : best), 0);
}
