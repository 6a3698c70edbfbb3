import { availableParallelism } from "node:os";
import type { DuckDBConnection } from "@duckdb/node-api";

/** One column's cells in the order of the rows: numbers as they are, NaN where there is none. */
export type Cells = Float64Array;

/** A database in memory that is gone when it is disposed of. */
export interface Database extends Disposable {
  /** Runs a statement and gives its rows as objects, numbers and text as they are. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Reads every column of a query, all of type DOUBLE, into shared memory, so that workers need no copy. */
  columns(sql: string, rowCount: number, options?: ReadOptions): Promise<Cells[]>;
  /** Ends the statement that runs; it rejects. */
  interrupt(): void;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/**
 * Opens a database that never fetches an extension. It takes two threads at most, and leaves a
 * processor to the kernel and to what the notebook serves.
 */
export async function openDatabase(): Promise<Database> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(Math.min(2, Math.max(1, availableParallelism() - 1))),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return {
    rows: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjectsJS();
    },
    columns: (sql, rowCount, options) => readColumns(connection, { sql, rowCount, ...options }),
    interrupt: () => connection.interrupt(),
    [Symbol.dispose]: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function readColumns(
  connection: DuckDBConnection,
  { sql, rowCount, signal, onProgress }: { sql: string; rowCount: number } & ReadOptions,
): Promise<Cells[]> {
  const result = await connection.stream(sql);
  const columns = Array.from(
    { length: result.columnCount },
    () => new Float64Array(new SharedArrayBuffer(rowCount * 8)),
  );
  let row = 0;
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    signal?.throwIfAborted();
    for (const [index, column] of columns.entries()) {
      const vector = chunk.getColumnVector(index);
      // The vector's own memory, which its type keeps private: cell by cell is thirty times slower.
      const items: unknown = Reflect.get(vector, "items");
      if (items instanceof Float64Array) column.set(items, row);
      else for (let i = 0; i < chunk.rowCount; i++) column[row + i] = Number(vector.getItem(i));
    }
    row += chunk.rowCount;
    onProgress?.(row / rowCount);
  }
  return columns;
}

/** Text as an SQL literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
