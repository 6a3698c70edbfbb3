import { type Column, columnValue } from "../../data/column.ts";
import type { Table } from "../../data/table.ts";
import type { Feature, Row } from "../model.ts";
import type { Material } from "./material.ts";
import { pick } from "./pick.ts";

/** The first training row that has all its values, else the first. */
export function exampleRow(table: Table, material: Material, features: readonly Feature[]): Row {
  const columns = features.map(({ name }) => table.column(name));
  const rows = pick(material.target.rows, material.train);
  const isWhole = (row: number) => columns.every((column) => columnValue(column, row) !== null);
  const row = rows.subarray(0, 10_000).find(isWhole) ?? rows[0] ?? 0;
  return Object.fromEntries(
    features.map(({ name, kind, fallback }, index) => {
      const value = columnValue(columns[index] as Column, row) ?? fallback;
      return [name, kind === "category" ? String(value) : value];
    }),
  );
}
