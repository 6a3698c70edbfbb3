import { inspect } from "node:util";
import type { MimeBundle } from "../extension.ts";

type Row = Readonly<Record<string, unknown>>;

const shownRows = { all: 20, first: 10, last: 5 };
const shownColumns = 20;
const textWidth = { html: 80, plain: 24 };

/** True for a non-empty array of plain objects that share their keys for the greater part. */
export function isRowArray(value: unknown): value is readonly Row[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  if (!value.slice(0, 1000).every(isRow)) return false;
  const sample = [...value.slice(0, 50)] as Row[];
  const keys = new Set(sample.flatMap((row) => Object.keys(row)));
  const filled = sample.reduce((sum, row) => sum + Object.keys(row).length, 0);
  return keys.size > 0 && filled >= (keys.size * sample.length) / 2;
}

function isRow(value: unknown): value is Row {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain =
    prototype === null ||
    prototype === Object.prototype ||
    prototype?.constructor?.name === "Object";
  return isPlain && !Array.isArray(value);
}

/** A table as HTML, and the same as text that lines up; long and wide ones are cut. */
export function tableBundle(rows: readonly Row[]): MimeBundle {
  const names = columnNames(rows);
  const { first, last, all } = shownRows;
  const isCut = rows.length > all;
  const parts = isCut ? [rows.slice(0, first), rows.slice(-last)] : [rows];
  const columns = names.slice(0, shownColumns).map((name) => column(name, parts.flat()));
  const view: View = {
    columns,
    gapAfter: isCut ? first : undefined,
    hiddenColumns: names.length - columns.length,
    rowNumbers: isCut
      ? [...numbers(0, first), ...numbers(rows.length - last, rows.length)]
      : numbers(0, rows.length),
    size: `${count(rows.length, "row")} × ${count(names.length, "column")}`,
  };
  return { "text/html": htmlTable(view), "text/plain": plainTable(view) };
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isNumeric: boolean;
  readonly cells: readonly string[];
}

interface View {
  readonly columns: readonly Column[];
  readonly gapAfter: number | undefined;
  readonly hiddenColumns: number;
  readonly rowNumbers: readonly number[];
  readonly size: string;
}

function columnNames(rows: readonly Row[]): string[] {
  return [...new Set(rows.slice(0, 1000).flatMap((row) => Object.keys(row)))];
}

function column(name: string, rows: readonly Row[]): Column {
  const values = rows.map((row) => row[name]);
  const types = new Set(values.filter((value) => value != null).map(typeName));
  const isNumeric = types.size > 0 && [...types].every((type) => /^(number|bigint)$/.test(type));
  const decimals = Math.max(0, ...values.map(decimalsOf));
  const cells = values.map((value) =>
    typeof value === "number" && Number.isFinite(value) && decimals <= 6
      ? value.toFixed(decimals)
      : cellText(value),
  );
  return { name, type: [...types].join(" | ") || "empty", isNumeric, cells };
}

function typeName(value: unknown): string {
  return typeof value === "object" ? (value?.constructor?.name ?? "object") : typeof value;
}

function decimalsOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) return 0;
  const text = String(value);
  // An exponent means that fixed decimals would lose the number.
  return text.includes("e") ? 7 : (text.split(".")[1]?.length ?? 0);
}

function cellText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 10 });
}

function cut(text: string, width: number): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

function count(number: number, unit: string): string {
  return `${number.toLocaleString("en-US")} ${unit}${number === 1 ? "" : "s"}`;
}

function numbers(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

function htmlTable({ columns, gapAfter, hiddenColumns, rowNumbers, size }: View): string {
  const right = ' style="text-align:right;font-variant-numeric:tabular-nums"';
  const left = ' style="text-align:left"';
  const more = hiddenColumns > 0;
  const heads = columns.map(
    ({ name, type, isNumeric }) =>
      `<th scope="col"${isNumeric ? right : left}>${escapeHtml(cut(name, textWidth.html))}<br><small style="font-weight:normal;opacity:.75">${escapeHtml(type)}</small></th>`,
  );
  const header = `<tr><th scope="col"></th>${heads.join("")}${more ? "<th>…</th>" : ""}</tr>`;
  const gap = `<tr>${"<td>⋮</td>".repeat(columns.length + 1 + (more ? 1 : 0))}</tr>`;
  const body = rowNumbers.map((number, index) => {
    const cells = columns.map(
      ({ isNumeric, cells }) =>
        `<td${isNumeric ? right : left}>${escapeHtml(cut(cells[index] ?? "", textWidth.html))}</td>`,
    );
    const row = `<tr><th scope="row"${right}>${number}</th>${cells.join("")}${more ? "<td>…</td>" : ""}</tr>`;
    return index + 1 === gapAfter ? row + gap : row;
  });
  return `<div style="overflow-x:auto"><table><thead>${header}</thead><tbody>${body.join("")}</tbody></table></div><p>${size}</p>`;
}

function plainTable({ columns, gapAfter, hiddenColumns, rowNumbers, size }: View): string {
  const index: Column = {
    name: "",
    type: "",
    isNumeric: true,
    cells: rowNumbers.map(String),
  };
  const hidden: Column = {
    name: "…",
    type: "",
    isNumeric: false,
    cells: rowNumbers.map(() => "…"),
  };
  const all = [index, ...columns, ...(hiddenColumns > 0 ? [hidden] : [])];
  const texts = all.map(({ name, type, cells }) =>
    [name, type, ...cells].map((text) => cut(text, textWidth.plain)),
  );
  const widths = texts.map((cells) => Math.max(...cells.map((text) => text.length)));
  const line = (at: number) =>
    texts
      .map((cells, place) => {
        const text = cells[at] ?? "";
        const width = widths[place] ?? 0;
        return all[place]?.isNumeric ? text.padStart(width) : text.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const lines = [line(0), line(1)];
  for (let row = 0; row < rowNumbers.length; row++) {
    lines.push(line(row + 2));
    if (row + 1 === gapAfter) lines.push(`${" ".repeat(Math.max(0, (widths[0] ?? 1) - 1))}⋮`);
  }
  return [...lines, size].join("\n");
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
