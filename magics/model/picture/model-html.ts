import { escapeHtml } from "../../data/table-picture.ts";
import type { SavedModel } from "../model.ts";
import { confusionHtml } from "./confusion-html.ts";
import { importanceHtml } from "./importance-html.ts";
import { wholeNumber } from "./numbers.ts";
import { classColour } from "./palette.ts";
import { modelStyle } from "./style.ts";
import { summaryText } from "./summary.ts";
import { treeHtml } from "./tree-html.ts";

/** The model as HTML without script or anything from outside: line, tree, columns, errors, notes. */
export function modelHtml(saved: SavedModel): string {
  const { evaluation, details } = saved;
  const judged = evaluation.testRows > 0 ? "held-out" : "training";
  const rows = wholeNumber(evaluation.testRows || evaluation.trainRows);
  const importance =
    details === undefined
      ? ""
      : `<div><h4>What the answer hangs on <span class="faint">share of the gain</span></h4>${importanceHtml(details.importance)}</div>`;
  const errors =
    evaluation.task === "classification"
      ? `<div><h4>Right and wrong <span class="faint">on ${rows} ${judged} rows</span></h4>${confusionHtml(evaluation)}</div>`
      : "";
  return framed(
    `<p class="line"><b>${escapeHtml(summaryText(saved))}</b></p>${legendHtml(saved)}${treeHtml(saved)}` +
      `<div class="two">${importance}${errors}</div>${notesHtml(details?.notes ?? [])}`,
  );
}

/** Content with the style sheet that its classes need. */
export function framed(content: string): string {
  return `<style>${modelStyle}</style><div class="colabcode-model">${content}</div>`;
}

/** Colour and name of each class. */
export function legendHtml({ schema }: SavedModel): string {
  const { labels } = schema;
  if (labels.length === 0) return "";
  const items = labels
    .slice(0, 12)
    .map(
      (label, code) =>
        `<li><span class="dot" style="background:${classColour(code)}"></span>${escapeHtml(label)}</li>`,
    );
  const rest = labels.length > 12 ? `<li class="faint">and ${labels.length - 12} more</li>` : "";
  return `<ul class="legend">${items.join("")}${rest}</ul>`;
}

function notesHtml(notes: readonly string[]): string {
  if (notes.length === 0) return "";
  const items = notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("");
  const count = notes.length === 1 ? "1 note" : `${notes.length} notes`;
  return `<details class="notes" open><summary>${count}</summary><ul>${items}</ul></details>`;
}
