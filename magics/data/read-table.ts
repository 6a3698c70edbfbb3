import { ColabCodeError } from "../errors.ts";
import type { Row } from "../model/model.ts";
import { Scope } from "../sessions/scope.ts";
import { readCsv } from "./csv.ts";
import { type Database, openDatabase } from "./duckdb.ts";
import { loadColumns } from "./load-columns.ts";
import { localSource } from "./source.ts";
import { prepareFile } from "./source-file.ts";
import { readJson, readParquet } from "./structured.ts";
import { Table } from "./table.ts";

export interface ReadTableOptions {
  readonly signal?: AbortSignal | undefined;
  /** One line that says what is going on; `share` from 0 to 1 and the speed where they are known. */
  readonly onProgress?: ((text: string, share?: number, speed?: string) => void) | undefined;
  /** What separates the cells of a CSV file; found out where it is not given. */
  readonly delimiter?: string | undefined;
  /** False where the first line of a CSV file is data. */
  readonly header?: boolean | undefined;
  /** Texts that mean "no value"; default: empty, NA, N/A, NaN, null and their usual spellings. */
  readonly missing?: readonly string[] | undefined;
  /** An encoding's name, e.g. "windows-1252"; found out where it is not given. */
  readonly encoding?: string | undefined;
  /** Largest download in bytes; default 2 GB. */
  readonly maxBytes?: number | undefined;
  /** For the whole download; default ten minutes. */
  readonly timeoutMs?: number | undefined;
}

/** What a format's reader leaves in the database: a table `source` and what it could not read. */
export interface Loaded {
  readonly rejects: Table["rejects"];
  /** Names for people, in the order of the columns of `source`. */
  readonly names: readonly string[];
}

/**
 * Reads CSV, TSV, JSON, JSON lines or Parquet, each also gzipped, from a path or an http(s) URL.
 * Rejects with a ColabCodeError that says what is wrong; leaves no file and no process behind.
 */
export async function readTable<R = Row>(
  source: string,
  options: ReadTableOptions = {},
): Promise<Table<R>> {
  await using scope = new Scope();
  const { signal } = options;
  signal?.throwIfAborted();
  const local = await localSource(source, options, scope);
  const file = await prepareFile(local, options, scope);
  const database = await openDatabase();
  scope.defer(() => database[Symbol.dispose]());
  const onAbort = () => database.interrupt();
  signal?.addEventListener("abort", onAbort);
  scope.defer(() => signal?.removeEventListener("abort", onAbort));
  options.onProgress?.(`reading ${local.name}`);
  try {
    const loaded = await load(database, { ...file, name: local.name }, options);
    const columns = await loadColumns(database, loaded.names, options);
    if ((columns[0] === undefined ? 0 : columns[0].rowCount) === 0) {
      throw new ColabCodeError("BAD_TABLE", `${local.name} has a header and no rows.`, {
        hint: "A table needs at least one row below its header.",
      });
    }
    return new Table<R>(
      columns.map(({ column }) => column),
      { source: local.name, rejects: loaded.rejects },
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ColabCodeError) throw error;
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new ColabCodeError("BAD_TABLE", `${local.name} cannot be read as a table: ${reason}`, {
      hint: "CSV, TSV, JSON, JSON lines and Parquet are understood, each also gzipped.",
      cause: error,
    });
  }
}

function load(
  database: Database,
  file: { path: string; format: "csv" | "json" | "parquet"; name: string },
  options: ReadTableOptions,
): Promise<Loaded> {
  switch (file.format) {
    case "csv":
      return readCsv(database, file, options);
    case "json":
      return readJson(database, file);
    case "parquet":
      return readParquet(database, file);
  }
}
