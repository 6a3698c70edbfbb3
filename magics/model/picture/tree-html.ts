import { escapeHtml } from "../../data/table-picture.ts";
import { compiledTrees, firstTree } from "../compiled-trees.ts";
import type { SavedModel } from "../model.ts";
import { measured, percent, wholeNumber } from "./numbers.ts";
import { classColour } from "./palette.ts";
import { treeView, type ViewNode } from "./tree-view.ts";

/** Levels that are seen without unfolding. */
const openDepth = 3;
/** Nodes in the picture; what hangs below is counted. Keeps the page small. */
const mostNodes = 180;

/** The tree from left to right; deeper parts unfold, without script. */
export function treeHtml(saved: SavedModel): string {
  const root = treeView(saved);
  const shown = nodesToShow(root);
  const context: Context = {
    saved,
    shown,
    range: saved.schema.task === "regression" ? meanRange(saved) : [0, 0],
  };
  const questions =
    root.questions === 1 ? "1 question" : `${wholeNumber(root.questions)} questions`;
  const trees = compiledTrees(saved).length;
  const title = trees > 1 ? `<h4>Tree 1 of ${wholeNumber(trees)}</h4>` : "";
  return (
    `${title}<div class="box" tabindex="0" role="region" aria-label="Decision tree, ${questions}">` +
    `<div class="tree">${nodeHtml(root, 0, context)}</div></div>`
  );
}

interface Context {
  readonly saved: SavedModel;
  readonly shown: ReadonlySet<ViewNode>;
  /** Smallest and largest mean of a leaf. */
  readonly range: readonly [number, number];
}

/** The nodes with the most rows, each with its sibling. */
function nodesToShow(root: ViewNode): Set<ViewNode> {
  const shown = new Set([root]);
  const open = [root];
  while (open.length > 0 && shown.size < mostNodes) {
    open.sort((a, b) => b.rows - a.rows);
    for (const child of open.shift()?.children ?? []) {
      shown.add(child);
      open.push(child);
    }
  }
  return shown;
}

function meanRange(saved: SavedModel): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  const tree = firstTree(saved);
  for (let node = 0; node < tree.column.length; node++) {
    const mean = (tree.left[node] ?? -1) < 0 ? tree.answerAt(node) : undefined;
    if (typeof mean !== "number") continue;
    [low, high] = [Math.min(low, mean), Math.max(high, mean)];
  }
  return [low, high];
}

function nodeHtml(node: ViewNode, depth: number, context: Context): string {
  const card = cardHtml(node, context);
  if (node.children === undefined) return `<div class="node">${card}</div>`;
  const more = node.questions === 1 ? "1 question" : `${wholeNumber(node.questions)} questions`;
  if (!context.shown.has(node.children[0])) {
    return `<div class="node">${card}<span class="cut">… ${more} more</span></div>`;
  }
  const [yes, no] = node.children.map((child) => nodeHtml(child, depth + 1, context));
  const kids =
    `<div class="kids"><div class="kid"><span class="say">yes</span>${yes}</div>` +
    `<div class="kid"><span class="say">no</span>${no}</div></div>`;
  // The card stays outside, so that it is seen while its answers are folded.
  return depth < openDepth
    ? `<div class="node">${card}${kids}</div>`
    : `<div class="node">${card}<details class="more"><summary>${more}</summary>${kids}</details></div>`;
}

function cardHtml(node: ViewNode, { saved, range }: Context): string {
  const { task, labels } = saved.schema;
  const rows = `${wholeNumber(node.rows)} row${node.rows === 1 ? "" : "s"}`;
  const isLeaf = node.question === undefined;
  const share = percent(node.shares[node.label] ?? 0);
  const answer = task === "classification" ? (labels[node.label] ?? "") : measured(node.mean);
  const title = node.question === undefined ? answer : `${node.question}?`;
  const detail =
    task === "classification"
      ? isLeaf
        ? `${share} of ${rows}`
        : rows
      : isLeaf
        ? rows
        : `${rows}, mean ${measured(node.mean)}`;
  const edge =
    isLeaf && task === "classification"
      ? ` style="border-left-color:${classColour(node.label)}"`
      : "";
  const bar = task === "classification" ? shareBar(node, labels) : meanBar(node.mean, range);
  return `<div class="card${isLeaf ? " leaf" : ""}"${edge}><b>${escapeHtml(title)}</b><small>${detail}</small>${bar}</div>`;
}

function shareBar({ shares }: ViewNode, labels: readonly string[]): string {
  const parts = shares.map((share, code) => ({ share, code })).filter(({ share }) => share > 0.004);
  const words = parts
    .slice(0, 6)
    .map(({ share, code }) => `${labels[code] ?? ""} ${percent(share)}`)
    .join(", ");
  const segments = parts
    .map(
      ({ share, code }) =>
        `<i style="flex:${share.toFixed(3)};background:${classColour(code)}"></i>`,
    )
    .join("");
  return `<div class="bar" title="${escapeHtml(words)}">${segments}</div>`;
}

function meanBar(mean: number, [low, high]: readonly [number, number]): string {
  const share = high > low ? (mean - low) / (high - low) : 1;
  return `<div class="bar"><i style="width:${(4 + share * 96).toFixed(1)}%;background:#0072B2"></i></div>`;
}
