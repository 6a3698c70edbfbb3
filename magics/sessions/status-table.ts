import type { MimeBundle } from "../../kernel/extension.ts";
import { escapeHtml } from "../app/escape-html.ts";
import type { SessionSummary } from "./session-view.ts";

export interface StatusRow {
  readonly session: SessionSummary;
  /** Who holds it: "cell [3]", or "pid 812" in a terminal. */
  readonly owner: string;
}

const headers = [
  "name",
  "state",
  "owner",
  "pid",
  "port",
  "URL",
  "age",
  "requests",
  "last error",
] as const;
const rightAligned = new Set<string>(["pid", "port", "requests"]);

/** The running sessions as a table, in HTML and in aligned text. */
export function statusTable(rows: readonly StatusRow[], now = new Date()): MimeBundle {
  if (rows.length === 0) {
    return { "text/plain": "Nothing is running.", "text/html": "<p>Nothing is running.</p>" };
  }
  const cells = rows.map(({ session, owner }) => [
    session.name,
    session.state,
    owner,
    String(session.pid ?? ""),
    String(session.port ?? ""),
    session.publicUrl ?? session.url ?? "",
    age(now.getTime() - Date.parse(session.startedAt)),
    String(session.requests ?? ""),
    session.lastError ?? "",
  ]);
  return { "text/html": tableHtml(cells), "text/plain": tableText(cells) };
}

function tableText(cells: readonly (readonly string[])[]): string {
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  return [headers, ...cells]
    .map((row) =>
      row
        .map((text, column) => {
          const width = widths[column] ?? 0;
          return rightAligned.has(headers[column] ?? "")
            ? text.padStart(width)
            : text.padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function tableHtml(cells: readonly (readonly string[])[]): string {
  const align = (column: number) =>
    rightAligned.has(headers[column] ?? "") ? "text-align:right" : "text-align:left";
  const head = headers
    .map((header, column) => `<th scope="col" style="${align(column)}">${header}</th>`)
    .join("");
  const body = cells
    .map(
      (row) =>
        `<tr>${row.map((text, column) => `<td style="${align(column)}">${valueHtml(text)}</td>`).join("")}</tr>`,
    )
    .join("");
  return `<div style="overflow-x:auto"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function valueHtml(text: string): string {
  const safe = escapeHtml(text);
  return /^https?:\/\//.test(text)
    ? `<a href="${safe}" target="_blank" rel="noopener">${safe}</a>`
    : safe;
}

function age(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
