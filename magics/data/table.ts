import { nearest } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import type { Row, Value } from "../model/model.ts";

import { type Column, type ColumnOf, columnLength, columnValue } from "./column.ts";
import { tableHtml, tableText } from "./table-picture.ts";

/** A line of the source that could not be read. */
export interface BadRow {
  /** Counted from 1, the header included. */
  readonly line: number;
  readonly reason: string;
}

/** What was left out while reading. */
export interface Rejects {
  readonly count: number;
  /** The first ones, at most 20. */
  readonly rows: readonly BadRow[];
}

/**
 * Columns of equal length, held in typed arrays. `columns.NAME` is one column, iteration gives
 * rows as objects, and a table that is the value of a cell shows itself.
 */
export class Table<R = Row> implements Iterable<R> {
  readonly columns: { readonly [K in keyof R]-?: ColumnOf<R[K]> };
  readonly columnNames: readonly string[];
  readonly rowCount: number;
  /** Where it was read from, for people: a file name or URL. */
  readonly source: string;
  readonly rejects: Rejects;
  readonly #list: readonly Column[];

  constructor(
    list: readonly Column[],
    origin: { readonly source?: string; readonly rejects?: Rejects } = {},
  ) {
    this.#list = list;
    this.columnNames = list.map((column) => column.name);
    this.rowCount = list[0] === undefined ? 0 : columnLength(list[0]);
    this.source = origin.source ?? "rows";
    this.rejects = origin.rejects ?? { count: 0, rows: [] };
    // Who names R says which columns there are; a Map would lose `table.columns.tempo`.
    this.columns = Object.assign(
      Object.create(null),
      Object.fromEntries(list.map((column) => [column.name, column])),
    ) as Table<R>["columns"];
  }

  /** The columns in the order of the source. */
  get list(): readonly Column[] {
    return this.#list;
  }

  /** The column of that name; throws NO_SUCH_COLUMN with the nearest names. */
  column(name: string): Column {
    const found = this.#list.find((column) => column.name === name);
    if (found !== undefined) return found;
    const near = nearest(name, this.columnNames);
    throw new ColabCodeError("NO_SUCH_COLUMN", `${this.source} has no column "${name}".`, {
      hint:
        near.length > 0
          ? `Did you mean ${near.map((other) => `"${other}"`).join(" or ")}?`
          : `Its columns are ${this.columnNames.join(", ")}.`,
    });
  }

  /** One row as an object; missing cells are null. */
  row(index: number): R {
    const cells = this.#list.map((column): [string, Value] => [
      column.name,
      columnValue(column, index),
    ]);
    return Object.fromEntries(cells) as R; // Keys and values come from the columns that R describes.
  }

  /** The first rows as objects. */
  head(count = 5): R[] {
    return Array.from({ length: Math.min(count, this.rowCount) }, (_, index) => this.row(index));
  }

  *[Symbol.iterator](): Iterator<R> {
    for (let index = 0; index < this.rowCount; index++) yield this.row(index);
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": tableHtml(this), "text/plain": tableText(this) };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return tableText(this);
  }
}
