// Indices are within bounds throughout; `as number` says so to the compiler.
import type { Column } from "../../data/column.ts";
import { ColabCodeError } from "../../errors.ts";

/** The column to predict, without the rows where it is missing. */
export type Target = {
  readonly name: string;
  /** Rows of the table that have a target. */
  readonly rows: Int32Array;
  readonly notes: readonly string[];
} & (
  | {
      readonly task: "classification";
      readonly labels: readonly string[];
      readonly codes: Uint16Array;
    }
  | { readonly task: "regression"; readonly values: Float64Array }
);

const mostClasses = 1000;
const mostNumericClasses = 20;

/**
 * Text, yes/no and whole numbers with at most 20 different values are classes; other numbers are
 * learned as numbers. Throws BAD_TARGET where there is nothing to learn.
 */
export function readTarget(column: Column, task?: Target["task"]): Target {
  const { name } = column;
  if (column.kind === "date") {
    throw new ColabCodeError("BAD_TARGET", `"${name}" holds dates, which a tree cannot predict.`, {
      hint: "Choose a column of text or numbers as --target.",
    });
  }
  const rows = presentRows(column);
  const dropped = column.missing === 0 ? 0 : length(column) - rows.length;
  const notes =
    dropped === 0
      ? []
      : [
          `${dropped.toLocaleString("en-US")} row${dropped === 1 ? " is" : "s are"} left out: "${name}" is missing`,
        ];
  if (rows.length < 4) {
    throw new ColabCodeError(
      "BAD_TARGET",
      `Only ${rows.length} row${rows.length === 1 ? " has" : "s have"} a "${name}".`,
      { hint: "At least 4 rows are needed, some hundred to learn anything." },
    );
  }
  if (column.kind === "number" && (task ?? numericTask(column.values, rows)) === "regression") {
    const values = Float64Array.from(rows, (row) => column.values[row] as number);
    if (values.every((value) => value === values[0])) throw oneClass(name, String(values[0]));
    const noteOfTask = `"${name}" is learned as a number`;
    return { task: "regression", name, rows, values, notes: [...notes, noteOfTask] };
  }
  if (task === "regression") {
    throw new ColabCodeError("BAD_TARGET", `"${name}" holds no numbers to learn.`, {
      hint: "Leave out the task, then its values are classes.",
    });
  }
  return { task: "classification", name, rows, ...encodeLabels(column, rows), notes };
}

function length(column: Exclude<Column, { kind: "date" }>): number {
  return column.kind === "number" ? column.values.length : column.codes.length;
}

function presentRows(column: Exclude<Column, { kind: "date" }>): Int32Array {
  const isPresent =
    column.kind === "number"
      ? (row: number) => Number.isFinite(column.values[row])
      : (row: number) => (column.codes[row] as number) >= 0;
  const rows = new Int32Array(length(column));
  let count = 0;
  for (let row = 0; row < rows.length; row++) if (isPresent(row)) rows[count++] = row;
  return rows.slice(0, count);
}

function numericTask(values: Float64Array, rows: Int32Array): Target["task"] {
  const distinct = new Set<number>();
  for (const row of rows) {
    const value = values[row] as number;
    if (!Number.isInteger(value)) return "regression";
    distinct.add(value);
    if (distinct.size > mostNumericClasses) return "regression";
  }
  return "classification";
}

/** Labels sorted by name (numbers by size) and the code of each row. */
function encodeLabels(
  column: Exclude<Column, { kind: "date" }>,
  rows: Int32Array,
): { labels: readonly string[]; codes: Uint16Array } {
  const raw = column.kind === "number" ? column.values : column.codes;
  const present = new Set<number>();
  for (let index = 0; index < rows.length; index++)
    present.add(raw[rows[index] as number] as number);
  const nameOf = (value: number) =>
    column.kind === "category"
      ? (column.categories[value] ?? "")
      : column.kind === "boolean"
        ? String(value === 1)
        : String(value);
  const sorted = [...present]
    .map((value) => ({ value, label: nameOf(value) }))
    .sort((a, b) =>
      column.kind === "number"
        ? a.value - b.value
        : a.label < b.label
          ? -1
          : a.label > b.label
            ? 1
            : 0,
    );
  const labels = sorted.map(({ label }) => label);
  if (labels.length === 1) throw oneClass(column.name, labels[0] ?? "");
  if (labels.length > mostClasses || (labels.length > 20 && labels.length > rows.length / 2)) {
    const count = labels.length.toLocaleString("en-US");
    throw new ColabCodeError(
      "BAD_TARGET",
      `"${column.name}" has ${count} different values in ${rows.length.toLocaleString("en-US")} rows.`,
      {
        hint: "A target's values must repeat; choose another --target.",
      },
    );
  }
  const codeOf = new Map(sorted.map(({ value }, code) => [value, code]));
  const codes = new Uint16Array(rows.length);
  for (let index = 0; index < rows.length; index++) {
    codes[index] = codeOf.get(raw[rows[index] as number] as number) ?? 0;
  }
  return { labels, codes };
}

function oneClass(name: string, value: string): ColabCodeError {
  return new ColabCodeError("BAD_TARGET", `Every row has the same "${name}": ${value}.`, {
    hint: "There is nothing to tell apart; choose another --target.",
  });
}
