import { escapeHtml } from "../../data/table-picture.ts";
import { percent } from "./numbers.ts";

const mostBars = 12;

/** A bar for each column's share of the gain, largest first. */
export function importanceHtml(importance: Readonly<Record<string, number>>): string {
  const all = Object.entries(importance);
  const largest = Math.max(...all.map(([, share]) => share), Number.MIN_VALUE);
  const rows = all.slice(0, mostBars).map(([name, share]) => {
    const width = ((share / largest) * 100).toFixed(1);
    return `<dt>${escapeHtml(name)}</dt><dd class="track"><i style="width:${width}%"></i></dd><dd>${percent(share)}</dd>`;
  });
  const left = all.length - mostBars;
  const rest = left > 0 ? `<div class="faint">and ${left} more</div>` : "";
  return `<dl class="gains">${rows.join("")}</dl>${rest}`;
}
