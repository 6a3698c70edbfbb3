import { compiledTrees } from "../compiled-trees.ts";
import type { Evaluation, SavedModel } from "../model.ts";
import { measured, percent, wholeNumber } from "./numbers.ts";
import { shownClasses } from "./shown-classes.ts";
import { summaryText } from "./summary.ts";
import { treeView, type ViewNode } from "./tree-view.ts";

const shownDepth = 4;

/** The model as aligned text: what it is, its tree, what the answer hangs on, and where it errs. */
export function modelText(saved: SavedModel): string {
  const { evaluation, details } = saved;
  const blocks = [summaryText(saved), treeText(saved)];
  if (details !== undefined) blocks.push(importanceText(details.importance));
  if (evaluation.task === "classification") blocks.push(confusionText(evaluation));
  if (details !== undefined && details.notes.length > 0) {
    blocks.push(details.notes.map((note) => `note: ${note}`).join("\n"));
  }
  return blocks.join("\n\n");
}

/** The tree's upper part, one line a node, with its rows. */
export function treeText(saved: SavedModel): string {
  const { labels, task } = saved.schema;
  const lines: { text: string; rows: string }[] = [];
  const answerOf = (node: ViewNode) =>
    task === "classification"
      ? `${labels[node.label] ?? ""} ${percent(node.shares[node.label] ?? 0)}`
      : measured(node.mean);
  const visit = (
    node: ViewNode,
    { indent, start }: { indent: string; start: string },
    depth: number,
  ) => {
    const rows = wholeNumber(node.rows);
    if (node.children === undefined) {
      lines.push({ text: `${start}${answerOf(node)}`, rows });
      return;
    }
    if (depth === shownDepth) {
      const more =
        node.questions === 1 ? "1 more question" : `${wholeNumber(node.questions)} more questions`;
      lines.push({ text: `${start}${answerOf(node)}, ${more}`, rows });
      return;
    }
    lines.push({ text: `${start}${node.question}?`, rows });
    visit(node.children[0], { indent: `${indent}│ `, start: `${indent}├ yes: ` }, depth + 1);
    visit(node.children[1], { indent: `${indent}  `, start: `${indent}└ no: ` }, depth + 1);
  };
  visit(treeView(saved), { indent: "", start: "" }, 0);
  const trees = compiledTrees(saved).length;
  return align([
    [trees > 1 ? `tree 1 of ${trees}` : "tree", "rows"],
    ...lines.map(({ text, rows }) => [text, rows]),
  ]);
}

/** Each column's share of the gain, largest first. */
export function importanceText(importance: Readonly<Record<string, number>>): string {
  const rows = Object.entries(importance).map(([name, share]) => [name, percent(share)]);
  return align([["the answer hangs on", "share"], ...rows]);
}

/** Counts by true class (rows) and predicted class (columns). */
export function confusionText(evaluation: Evaluation & { task: "classification" }): string {
  const { codes, left } = shownClasses(evaluation);
  const { classes, confusion } = evaluation;
  const name = (code: number) => classes[code]?.label ?? "";
  const rows = codes.map((code) => [
    name(code),
    ...codes.map((column) => {
      const count = confusion[code]?.[column] ?? 0;
      return `${wholeNumber(count)} (${percent(count / Math.max(1, classes[code]?.rows ?? 0))})`;
    }),
    wholeNumber(classes[code]?.rows ?? 0),
  ]);
  const rest = left > 0 ? `\n${left} smaller classes are not shown` : "";
  return align([["true \\ predicted", ...codes.map(name), "rows"], ...rows]) + rest;
}

/** Columns of equal width; the first to the left, the others to the right. */
function align(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
