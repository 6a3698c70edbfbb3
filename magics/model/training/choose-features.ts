import type { Column } from "../../data/column.ts";
import { Table } from "../../data/table.ts";
import { ColabCodeError } from "../../errors.ts";

export interface Choice {
  readonly columns: readonly Column[];
  /** Which columns were left out and why. */
  readonly notes: readonly string[];
}

/** More different texts than this are not offered as choices. */
const mostCategories = 100;
/** From so many rows on whole numbers that never repeat are taken for ids whatever their name. */
const manyRows = 1000;

/**
 * The columns to learn from: those named, or all but the target, dates, constant columns and
 * those that only tell rows apart. Throws NO_SUCH_COLUMN or BAD_TABLE.
 */
export function chooseFeatures(
  table: Table,
  target: string,
  named: readonly string[] | undefined,
): Choice {
  if (named !== undefined && named.length > 0) {
    return {
      columns: [...new Set(named)].map((name) => namedColumn(table, target, name)),
      notes: [],
    };
  }
  const notes: string[] = [];
  const columns = table.list.filter((column) => {
    if (column.name === target) return false;
    const reason = reasonToLeaveOut(column);
    if (reason !== undefined) notes.push(`"${column.name}" is left out: ${reason}`);
    return reason === undefined;
  });
  if (columns.length === 0) {
    throw new ColabCodeError("BAD_TABLE", "No column is left to learn from.", {
      hint: [...notes, "Name columns with --features to use them all the same."].join("; "),
    });
  }
  return { columns, notes };
}

function namedColumn(table: Table, target: string, name: string): Column {
  const column = table.column(name);
  if (name === target) {
    throw new ColabCodeError("USAGE", `"${name}" is the target and cannot be a feature too.`, {
      hint: "Leave it out of --features.",
    });
  }
  if (column.kind === "date") {
    throw new ColabCodeError("BAD_TABLE", `"${name}" holds dates, which a tree cannot take.`, {
      hint: "Make numbers of it first, e.g. the month or the days since a day.",
    });
  }
  return column;
}

function reasonToLeaveOut(column: Column): string | undefined {
  switch (column.kind) {
    case "date":
      return "it holds dates";
    case "boolean":
      return isConstant(column.codes) ? "all its values are the same" : undefined;
    case "category":
      return reasonAgainstText(column);
    case "number":
      return reasonAgainstNumbers(column);
  }
}

function reasonAgainstText(column: Extract<Column, { kind: "category" }>): string | undefined {
  const distinct = column.categories.length;
  const present = column.codes.length - column.missing;
  if (distinct === 0) return "it is empty";
  if (distinct === 1) return "all its values are the same";
  if (distinct === present && present > 10) return "every row has another text, it only names rows";
  if (distinct > mostCategories || (distinct > 20 && distinct > present / 2)) {
    return `${distinct.toLocaleString("en-US")} different texts are too many to ask about`;
  }
  return undefined;
}

function reasonAgainstNumbers({
  name,
  values,
  missing,
}: Extract<Column, { kind: "number" }>): string | undefined {
  if (missing === values.length) return "it is empty";
  if (isConstant(values)) return "all its values are the same";
  if (missing > 0 || !values.every(Number.isInteger)) return undefined;
  const isNamedSo = /(^|[\s_.-])(id|index|idx|key|uuid|rowid|row)$|[a-z]I[dD]$/i.test(name);
  const isLikely =
    isNamedSo || values.length >= manyRows || (values.length > 10 && isMonotone(values));
  if (isLikely && new Set(values).size === values.length) {
    return "its whole numbers never repeat, they only name rows";
  }
  return undefined;
}

/** True where there is one value at most beside missing ones. */
function isConstant(values: Float64Array | Int32Array): boolean {
  let first: number | undefined;
  for (const value of values) {
    if (Number.isNaN(value) || (values instanceof Int32Array && value < 0)) continue;
    first ??= value;
    if (value !== first) return false;
  }
  return true;
}

function isMonotone(values: Float64Array): boolean {
  const up = values.every((value, row) => row === 0 || value > (values[row - 1] as number));
  return up || values.every((value, row) => row === 0 || value < (values[row - 1] as number));
}
