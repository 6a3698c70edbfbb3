import type { MimeBundle } from "../../kernel/extension.ts";
import { escapeHtml } from "../app/escape-html.ts";
import type { Diagnosis } from "./checks.ts";

/** A state is a shape and a word. */
const shapes: Record<Diagnosis["state"], string> = {
  ok: "● ok",
  missing: "○ missing",
  bad: "✕ bad",
};

/** What the checks found, in HTML and in aligned text; what to do stands below its row. */
export function diagnosisTable(found: readonly Diagnosis[]): MimeBundle {
  const names = Math.max(...found.map(({ name }) => name.length));
  const text = found.flatMap(({ name, state, text, hint }) => {
    const start = `${shapes[state].padEnd(9)}  ${name.padEnd(names)}  `;
    const [first = "", ...rest] = [...text.split("\n"), ...(hint === undefined ? [] : [hint])];
    return [start + first, ...rest.map((line) => " ".repeat(start.length) + line)];
  });
  const rows = found.map(({ name, state, text, hint }) => {
    const advice = hint === undefined ? "" : `<br><small>${escapeHtml(hint)}</small>`;
    return `<tr><td style="${left};white-space:nowrap">${shapes[state]}</td><th scope="row" style="${left}">${escapeHtml(name)}</th><td style="${left}">${escapeHtml(text)}${advice}</td></tr>`;
  });
  return {
    "text/plain": text.join("\n"),
    "text/html": `<div style="overflow-x:auto"><table><tbody>${rows.join("")}</tbody></table></div>`,
  };
}

const left = "text-align:left;vertical-align:top";
