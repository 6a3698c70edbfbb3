import { setImmediate } from "node:timers/promises";
import type { Column } from "./column.ts";
import { type Cells, type Database, quoteName, type ReadOptions } from "./duckdb.ts";
import type { ReadTableOptions } from "./read-table.ts";
import { speedOf } from "./speed.ts";

interface Description {
  readonly name: string;
  readonly kind: Column["kind"];
  readonly hasTime: boolean;
  /** SQL that gives the column as DOUBLE, NaN or -1 where there is no value. */
  readonly sql: string;
  readonly categories: readonly string[];
}

/** The table `source` of the database as typed columns. */
export async function loadColumns(
  database: Database,
  names: readonly string[],
  options: ReadTableOptions,
): Promise<{ column: Column; rowCount: number }[]> {
  const [count] = await database.rows("SELECT count(*)::DOUBLE AS rows FROM source");
  const rowCount = Number(count?.rows);
  const types = await database.rows("DESCRIBE source");
  const described: Description[] = [];
  for (const [index, row] of types.entries()) {
    options.signal?.throwIfAborted();
    const identifier = quoteName(String(row.column_name));
    const name = names[index] ?? String(row.column_name);
    described.push(
      await describe(database, { index, name, identifier, type: String(row.column_type) }),
    );
  }
  const speed = speedOf("rows");
  const read: ReadOptions = {
    signal: options.signal,
    onProgress: (share) => options.onProgress?.("reading rows", share, speed(share * rowCount)),
  };
  const sql = `SELECT ${described.map((column) => column.sql).join(", ")} FROM source`;
  const cells = await database.columns(sql, rowCount, read);
  const columns: { column: Column; rowCount: number }[] = [];
  for (const [index, column] of described.entries()) {
    columns.push({ column: typedColumn(column, cells[index] ?? new Float64Array()), rowCount });
    await setImmediate(); // A million cells take some milliseconds: others have their turn in between.
  }
  return columns;
}

async function describe(
  database: Database,
  source: { index: number; name: string; identifier: string; type: string },
): Promise<Description> {
  const { name, identifier, type } = source;
  const plain = { name, hasTime: false, categories: [] };
  if (/^(BOOLEAN)$/.test(type)) {
    return { ...plain, kind: "boolean", sql: `coalesce(${identifier}::INT::DOUBLE, -1)` };
  }
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/.test(type)) {
    return { ...plain, kind: "number", sql: `coalesce(${identifier}::DOUBLE, 'nan'::DOUBLE)` };
  }
  if (/^(DATE|TIMESTAMP.*)$/.test(type)) {
    const sql = `coalesce(epoch_us(${identifier}::TIMESTAMP)::DOUBLE / 1000, 'nan'::DOUBLE)`;
    return { ...plain, kind: "date", hasTime: type !== "DATE", sql };
  }
  // Text and everything nested, as text: an enumeration gives codes and sorts the names.
  const enumeration = `categories_${source.index}`;
  const nested = /^(VARCHAR|UUID|TIME|BLOB|ENUM.*|INTERVAL|BIT)$/.test(type)
    ? `${identifier}::VARCHAR`
    : `to_json(${identifier})::VARCHAR`;
  const distinct = `SELECT DISTINCT ${nested} AS text FROM source WHERE ${identifier} IS NOT NULL ORDER BY text`;
  const categories = (await database.rows(distinct)).map((row) => String(row.text));
  if (categories.length === 0) {
    return { ...plain, kind: "category", sql: "-1::DOUBLE" };
  }
  await database.rows(`CREATE TYPE ${enumeration} AS ENUM (${distinct})`);
  return {
    ...plain,
    kind: "category",
    categories,
    sql: `coalesce(enum_code(${nested}::${enumeration})::DOUBLE, -1)`,
  };
}

function typedColumn({ name, kind, hasTime, categories }: Description, cells: Cells): Column {
  switch (kind) {
    case "number":
      return { name, kind, values: cells, missing: countNaN(cells) };
    case "date":
      return { name, kind, values: cells, hasTime, missing: countNaN(cells) };
    case "boolean":
      return { name, kind, codes: sharedCodes(cells), missing: countNegative(cells) };
    case "category": {
      const missing = countNegative(cells);
      return { name, kind, codes: sharedCodes(cells), categories, missing };
    }
  }
}

/** Numbers and dates are NaN there, which is not even equal to itself. */
function countNaN(cells: Cells): number {
  let count = 0;
  for (let row = 0; row < cells.length; row++) if (cells[row] !== cells[row]) count++;
  return count;
}

/** Codes are negative there. */
function countNegative(cells: Cells): number {
  let count = 0;
  for (let row = 0; row < cells.length; row++) if ((cells[row] as number) < 0) count++; // Within bounds.
  return count;
}

function sharedCodes(cells: Cells): Int32Array {
  const codes = new Int32Array(new SharedArrayBuffer(cells.length * 4));
  codes.set(cells);
  return codes;
}
