import { escapeHtml } from "../../data/table-picture.ts";
import type { Evaluation } from "../model.ts";
import { percent, wholeNumber } from "./numbers.ts";
import { classColour } from "./palette.ts";
import { shownClasses } from "./shown-classes.ts";

/** Counts by true class (rows) and predicted class (columns), shaded by their share of the row. */
export function confusionHtml(evaluation: Evaluation & { task: "classification" }): string {
  const { codes, left } = shownClasses(evaluation);
  const { classes, confusion } = evaluation;
  const name = (code: number) =>
    `<span class="dot" style="background:${classColour(code)}"></span>${escapeHtml(classes[code]?.label ?? "")}`;
  const head = codes.map((code) => `<th scope="col">${name(code)}</th>`).join("");
  const rows = codes.map((code) => {
    const cells = codes.map((column) => {
      const count = confusion[code]?.[column] ?? 0;
      const share = count / Math.max(1, classes[code]?.rows ?? 0);
      const shade = `background-color:rgba(0,114,178,${(share * 0.6).toFixed(2)})`;
      return `<td class="count" style="${shade}">${wholeNumber(count)}<small>${percent(share)}</small></td>`;
    });
    return (
      `<tr><th scope="row">${name(code)}</th>${cells.join("")}` +
      `<td class="edge">${wholeNumber(classes[code]?.rows ?? 0)}</td></tr>`
    );
  });
  const precision = codes
    .map((code) => `<td class="edge">${percent(classes[code]?.precision ?? 0)}</td>`)
    .join("");
  const rest = left > 0 ? `; ${left} smaller classes are not shown` : "";
  return (
    `<div class="box"><table><caption>True class in rows, predicted class in columns${rest}</caption>` +
    `<thead><tr><td class="edge">true ↓ predicted →</td>${head}<th scope="col" class="edge">rows</th></tr></thead>` +
    `<tbody>${rows.join("")}<tr><th scope="row" class="edge">right when predicted</th>${precision}<td></td></tr></tbody></table></div>`
  );
}
