import { type Column, columnTypeName, columnValue } from "./column.ts";

/** What a table's picture is made from. */
export interface Drawable {
  readonly list: readonly Column[];
  readonly rowCount: number;
  readonly rejects: {
    readonly count: number;
    readonly rows: readonly { readonly line: number; readonly reason: string }[];
  };
}

const edgeRows = 5;
const longestText = 40;

/** The table as HTML: header with types, first and last rows, its size below. No script, nothing from outside. */
export function tableHtml(table: Drawable): string {
  const columns = table.list.map((column) => ({ column, format: cellFormat(column, table) }));
  const side = (column: Column) => (column.kind === "number" ? "n" : "t");
  const head = columns
    .map(
      ({ column }) =>
        `<th scope="col" class="${side(column)}">${escapeHtml(column.name)}<small>${escapeHtml(typeLine(column))}</small></th>`,
    )
    .join("");
  const rows = shownRows(table)
    .map((row) => {
      if (row === undefined) {
        return `<tr class="gap"><td class="i">⋮</td>${columns.map(({ column }) => `<td class="${side(column)}">⋮</td>`).join("")}</tr>`;
      }
      const cells = columns.map(({ column, format }) => {
        const text = format(row);
        return text === undefined
          ? `<td class="${side(column)} none">–</td>`
          : `<td class="${side(column)}">${escapeHtml(text)}</td>`;
      });
      return `<tr><td class="i">${row + 1}</td>${cells.join("")}</tr>`;
    })
    .join("");
  return (
    `<div class="colabcode-table"><style>${style}</style>` +
    `<div class="box" tabindex="0" role="region" aria-label="Table, ${sizeText(table)}">` +
    `<table><thead><tr><td class="i"></td>${head}</tr></thead><tbody>${rows}</tbody></table></div>` +
    [sizeText(table), ...rejectLines(table)]
      .map((line) => `<div class="size">${escapeHtml(line)}</div>`)
      .join("") +
    "</div>"
  );
}

/** The same as aligned text. */
export function tableText(table: Drawable): string {
  const rows = shownRows(table);
  const columns = table.list.map((column) => {
    const format = cellFormat(column, table);
    const cells = rows.map((row) => (row === undefined ? "⋮" : (format(row) ?? "–")));
    const lines = [column.name, typeLine(column), ...cells];
    const width = Math.max(...lines.map((line) => line.length));
    return lines.map((line) =>
      column.kind === "number" ? line.padStart(width) : line.padEnd(width),
    );
  });
  const height = rows.length + 2;
  const lines = Array.from({ length: height }, (_, index) =>
    columns
      .map((column) => column[index] ?? "")
      .join("  ")
      .trimEnd(),
  );
  return [...lines, sizeText(table), ...rejectLines(table)].join("\n");
}

/** "4,802 rows × 9 columns". */
export function sizeText(table: Drawable): string {
  const count = (number: number, word: string) =>
    `${number.toLocaleString("en-US")} ${word}${number === 1 ? "" : "s"}`;
  return `${count(table.rowCount, "row")} × ${count(table.list.length, "column")}`;
}

function rejectLines({ rejects }: Drawable): string[] {
  if (rejects.count === 0) return [];
  const lines = rejects.rows.slice(0, 3).map(({ line, reason }) => `line ${line}: ${reason}`);
  const left = rejects.count - lines.length;
  const more = left > 0 ? [`and ${left.toLocaleString("en-US")} more`] : [];
  const rows =
    rejects.count === 1 ? "1 line was" : `${rejects.count.toLocaleString("en-US")} lines were`;
  return [`${rows} left out; ${[...lines, ...more].join("; ")}`];
}

/** Row numbers to show; undefined for the gap between first and last ones. */
function shownRows({ rowCount }: Drawable): (number | undefined)[] {
  const all = Array.from({ length: Math.min(rowCount, 2 * edgeRows + 1) }, (_, index) => index);
  if (rowCount <= 2 * edgeRows + 1) return all;
  const last = Array.from({ length: edgeRows }, (_, index) => rowCount - edgeRows + index);
  return [...all.slice(0, edgeRows), undefined, ...last];
}

function typeLine(column: Column): string {
  const name = columnTypeName(column);
  return column.missing === 0 ? name : `${name}, ${column.missing.toLocaleString("en-US")} missing`;
}

/** Text of one cell; undefined where it is missing. All numbers of a column get equal decimals. */
function cellFormat(column: Column, table: Drawable): (row: number) => string | undefined {
  if (column.kind !== "number") {
    return (row) => {
      const value = columnValue(column, row);
      return value === null ? undefined : shorten(String(value).replace(/\s+/g, " "));
    };
  }
  const shown = shownRows(table)
    .map((row) => (row === undefined ? Number.NaN : (column.values[row] ?? Number.NaN)))
    .filter(Number.isFinite);
  const decimals = decimalsFor(shown);
  return (row) => {
    const value = column.values[row];
    if (value === undefined || Number.isNaN(value)) return undefined;
    return value.toLocaleString("en-US", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      useGrouping: Math.abs(value) >= 10_000,
    });
  };
}

/** As many decimals as the largest number needs for four digits, and no more than there are. */
function decimalsFor(values: readonly number[]): number {
  if (values.every(Number.isInteger)) return 0;
  const largest = Math.max(...values.map(Math.abs));
  const wanted = Math.max(2, 3 - Math.floor(Math.log10(largest)));
  const written = Math.max(...values.map((value) => (String(value).split(".")[1] ?? "").length));
  return Math.min(wanted, Math.max(1, written), 8);
}

function shorten(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}

/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const style = `
.colabcode-table{--cc-text:var(--jp-ui-font-color1,var(--vscode-editor-foreground,#1f2328));--cc-faint:var(--jp-ui-font-color2,var(--vscode-descriptionForeground,#59636e));--cc-line:var(--jp-border-color2,var(--vscode-panel-border,#d1d9e0));--cc-back:var(--jp-layout-color1,var(--vscode-editor-background,transparent));color:var(--cc-text);font-size:13px;max-width:100%}
@media (prefers-color-scheme:dark){.colabcode-table{--cc-text:var(--jp-ui-font-color1,var(--vscode-editor-foreground,#e6edf3));--cc-faint:var(--jp-ui-font-color2,var(--vscode-descriptionForeground,#9da7b3));--cc-line:var(--jp-border-color2,var(--vscode-panel-border,#3d444d))}}
.colabcode-table .box{overflow-x:auto;max-width:100%;width:fit-content;border:1px solid var(--cc-line);border-radius:4px}
.colabcode-table table{color:inherit;border-collapse:collapse;font-size:inherit;margin:0;border:0}
.colabcode-table th,.colabcode-table td{padding:3px 10px;white-space:nowrap;border:0;max-width:none;font-variant-numeric:tabular-nums;background:transparent}
.colabcode-table th{font-weight:600;vertical-align:bottom;border-bottom:1px solid var(--cc-line)}
.colabcode-table thead td{border-bottom:1px solid var(--cc-line)}
.colabcode-table th small{display:block;font-weight:400;font-size:11px;color:var(--cc-faint)}
.colabcode-table .box table .n{text-align:right}.colabcode-table .box table .t{text-align:left}
.colabcode-table .i{text-align:right;color:var(--cc-faint);font-size:11px}
.colabcode-table .none,.colabcode-table .gap td{color:var(--cc-faint)}
.colabcode-table .gap td{line-height:1}
.colabcode-table .size{color:var(--cc-faint);font-size:12px;margin-top:4px}
`;
