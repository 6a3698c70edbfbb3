import { ColabCodeError } from "../errors.ts";
import type { Row } from "../model/model.ts";
import type { Column } from "./column.ts";
import { Table } from "./table.ts";

/** A table of plain objects; a column is there if any row has it. Rejects mixed types by BAD_TABLE. */
export function tableFromRows<R = Row>(rows: readonly object[]): Table<R> {
  if (rows.length === 0) {
    throw new ColabCodeError("BAD_TABLE", "There are no rows.", {
      hint: "Give at least one object, e.g. { tempo: 120, genre: 'Rock' }.",
    });
  }
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return new Table<R>([...names].map((name) => columnOf(name, rows)));
}

function columnOf(name: string, rows: readonly object[]): Column {
  const cells = rows.map((row) => (row as Record<string, unknown>)[name] ?? undefined); // Any object has string keys.
  const present = cells.filter((cell) => cell !== undefined && !Number.isNaN(cell));
  const missing = cells.length - present.length;
  const are = (type: string) => present.length > 0 && present.every((cell) => typeof cell === type);
  if (are("number") || are("bigint")) {
    const values = sharedNumbers(
      cells.map((cell) => (cell === undefined ? Number.NaN : Number(cell))),
    );
    return { name, kind: "number", missing, values };
  }
  if (are("boolean")) {
    const codes = sharedCodes(cells.map((cell) => (cell === undefined ? -1 : Number(cell))));
    return { name, kind: "boolean", missing, codes };
  }
  if (present.length > 0 && present.every((cell) => cell instanceof Date)) {
    const values = sharedNumbers(
      cells.map((cell) => (cell === undefined ? Number.NaN : Number(cell))),
    );
    return { name, kind: "date", missing, values, hasTime: true };
  }
  const odd = present.find((cell) => typeof cell !== "string");
  if (odd !== undefined) {
    const what = present.some((cell) => typeof cell === "object")
      ? "objects"
      : "values of several types";
    throw new ColabCodeError("BAD_TABLE", `Column "${name}" holds ${what}.`, {
      hint: "A column holds numbers, or text, or booleans, or dates.",
    });
  }
  const categories = [...new Set(present.map(String))].sort();
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  const codes = sharedCodes(cells.map((cell) => codeOf.get(String(cell)) ?? -1));
  return { name, kind: "category", missing, codes, categories };
}

function sharedNumbers(numbers: readonly number[]): Float64Array {
  const values = new Float64Array(new SharedArrayBuffer(numbers.length * 8));
  values.set(numbers);
  return values;
}

function sharedCodes(numbers: readonly number[]): Int32Array {
  const codes = new Int32Array(new SharedArrayBuffer(numbers.length * 4));
  codes.set(numbers);
  return codes;
}
