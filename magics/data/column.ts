import type { Value } from "../model/model.ts";

interface ColumnBase {
  readonly name: string;
  /** How many cells hold no value. */
  readonly missing: number;
}

/** Numbers; a missing one is NaN. */
export interface NumberColumn extends ColumnBase {
  readonly kind: "number";
  readonly values: Float64Array;
}

/** Text as codes into `categories`, which is sorted; a missing one is -1. */
export interface CategoryColumn extends ColumnBase {
  readonly kind: "category";
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

/** 0 for false, 1 for true, -1 for missing. */
export interface BooleanColumn extends ColumnBase {
  readonly kind: "boolean";
  readonly codes: Int32Array;
}

/** Milliseconds since 1970 in UTC; a missing one is NaN. `hasTime` is false where all are whole days. */
export interface DateColumn extends ColumnBase {
  readonly kind: "date";
  readonly values: Float64Array;
  readonly hasTime: boolean;
}

export type Column = NumberColumn | CategoryColumn | BooleanColumn | DateColumn;

/** The column that holds values of type `V`. */
export type ColumnOf<V> = Value extends V
  ? Column
  : [NonNullable<V>] extends [number]
    ? NumberColumn
    : [NonNullable<V>] extends [boolean]
      ? BooleanColumn
      : CategoryColumn | DateColumn;

/** How many rows the column has. */
export function columnLength(column: Column): number {
  return column.kind === "category" || column.kind === "boolean"
    ? column.codes.length
    : column.values.length;
}

/** One cell: a number, text, a boolean, an ISO date, or null where there is none. */
export function columnValue(column: Column, row: number): Value {
  switch (column.kind) {
    case "number": {
      const value = column.values[row];
      return value === undefined || Number.isNaN(value) ? null : value;
    }
    case "category":
      return column.categories[column.codes[row] ?? -1] ?? null;
    case "boolean": {
      const code = column.codes[row];
      return code === 0 ? false : code === 1 ? true : null;
    }
    case "date":
      return isoDate(column.values[row] ?? Number.NaN, column.hasTime);
  }
}

function isoDate(milliseconds: number, hasTime: boolean): string | null {
  if (Number.isNaN(milliseconds)) return null;
  const text = new Date(milliseconds).toISOString();
  return hasTime ? text : text.slice(0, 10);
}

/** A word for people: "number", "text", "yes/no", "date". */
export function columnTypeName(column: Column): string {
  switch (column.kind) {
    case "number":
      return "number";
    case "category":
      return "text";
    case "boolean":
      return "yes/no";
    case "date":
      return column.hasTime ? "time" : "date";
  }
}
