import { ColabCodeError } from "../errors.ts";
import { type Database, quoteText } from "./duckdb.ts";
import type { Loaded } from "./read-table.ts";

/** Reads an array of objects or one object a line into the table `source`. */
export async function readJson(
  database: Database,
  file: { path: string; name: string },
): Promise<Loaded> {
  await database.rows(
    `CREATE TABLE source AS FROM read_json(${quoteText(file.path)}, format='auto', maximum_object_size=268435456)`,
  );
  const names = await columnNames(database);
  if (names.length === 1 && names[0] === "json") {
    throw new ColabCodeError("BAD_TABLE", `${file.name} holds no list of objects.`, {
      hint: 'A table as JSON looks like [{"tempo": 120, "genre": "Rock"}, …], or one object a line.',
    });
  }
  return { names, rejects: { count: 0, rows: [] } };
}

/** Reads a Parquet file into the table `source`. */
export async function readParquet(
  database: Database,
  file: { path: string; name: string },
): Promise<Loaded> {
  await database.rows(`CREATE TABLE source AS FROM read_parquet(${quoteText(file.path)})`);
  return { names: await columnNames(database), rejects: { count: 0, rows: [] } };
}

async function columnNames(database: Database): Promise<string[]> {
  const rows = await database.rows("DESCRIBE source");
  return rows.map((row) => String(row.column_name));
}
