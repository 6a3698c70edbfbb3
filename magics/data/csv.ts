import { open } from "node:fs/promises";
import { ColabCodeError } from "../errors.ts";
import { type Database, quoteText } from "./duckdb.ts";
import type { Loaded, ReadTableOptions } from "./read-table.ts";

const missingTexts = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL"];

/** More rows that do not fit than this share mean that the column's type was guessed wrong. */
const tolerableShare = 0.01;

interface Csv {
  readonly path: string;
  readonly name: string;
}

/** Reads a CSV file into the table `source`; rows that do not fit are counted and named, not kept. */
export async function readCsv(
  database: Database,
  file: Csv,
  options: ReadTableOptions,
): Promise<Loaded> {
  const dialect = await sniff(database, file, options);
  const names = await headerNames(database, file, dialect);
  const create = async (sampleSize: number) => {
    await database.rows("DROP TABLE IF EXISTS source");
    await database.rows("DROP TABLE IF EXISTS rejected");
    await database.rows("DROP TABLE IF EXISTS rejected_scans");
    await database.rows(
      `CREATE TABLE source AS FROM read_csv(${readArguments(file, dialect, options, names)}, ` +
        `sample_size=${sampleSize}, store_rejects=true, rejects_table='rejected', ` +
        "rejects_scan='rejected_scans', rejects_limit=0)",
    );
  };
  await create(20_480);
  if (await hasWrongType(database)) await create(-1);
  return { names: names.texts, rejects: await readRejects(database, names.texts) };
}

interface Dialect {
  readonly decimal: "." | ",";
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
}

async function sniff(database: Database, file: Csv, options: ReadTableOptions): Promise<Dialect> {
  const given = options.delimiter === undefined ? "" : `, delim=${quoteText(options.delimiter)}`;
  const [found] = await database.rows(
    `SELECT Delimiter AS delimiter, Quote AS quote, Escape AS escape ` +
      `FROM sniff_csv(${quoteText(file.path)}, ignore_errors=true, null_padding=true${given})`,
  );
  const known = (value: unknown, fallback: string) =>
    typeof value === "string" && value !== "(empty)" && value !== "" && value !== "\0"
      ? value
      : fallback;
  const delimiter = known(found?.delimiter, ",");
  // Nothing in the sample was quoted: a later line may be, and the usual sign is the double one.
  return {
    delimiter,
    decimal: await decimalSign(file, delimiter),
    quote: known(found?.quote, '"'),
    escape: known(found?.escape, '"'),
  };
}

/** A comma where cells are parted by something else, look like 1,5 and never like 1.5. */
async function decimalSign(file: Csv, delimiter: string): Promise<"." | ","> {
  if (delimiter === ",") return ".";
  const cells = (await startOf(file.path))
    .split(/\r?\n/)
    .slice(1, -1)
    .join(delimiter)
    .split(delimiter);
  const has = (pattern: RegExp) => cells.some((cell) => pattern.test(cell.trim()));
  return has(/^"?-?\d+,\d+"?$/) && !has(/^"?-?\d*\.\d+"?$/) ? "," : ".";
}

async function startOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}

interface Names {
  readonly texts: readonly string[];
  readonly isHeader: boolean;
}

async function headerNames(database: Database, file: Csv, dialect: Dialect): Promise<Names> {
  const [first] = await database.rows(
    `FROM read_csv(${quoteText(file.path)}, ${dialectArguments(dialect)}, header=false, ` +
      "all_varchar=true, null_padding=true, ignore_errors=true, nullstr='', sample_size=1) LIMIT 1",
  );
  const cells = Object.values(first ?? {}).map((cell) => String(cell ?? "").trim());
  while (cells.at(-1) === "") cells.pop();
  if (cells.length === 0) {
    throw new ColabCodeError("BAD_TABLE", `${file.name} is empty.`, {
      hint: "A table needs a header and at least one row.",
    });
  }
  if (cells.every((cell) => cell !== "" && Number.isFinite(Number(cell)))) {
    return { texts: cells.map((_, index) => `column${index + 1}`), isHeader: false };
  }
  const twice = cells.find((cell, index) => cell !== "" && cells.indexOf(cell) < index);
  if (twice !== undefined) {
    throw new ColabCodeError("BAD_TABLE", `${file.name} has two columns named "${twice}".`, {
      hint: "Give every column a name of its own in the first line.",
    });
  }
  return {
    texts: cells.map((cell, index) => (cell === "" ? `column${index + 1}` : cell)),
    isHeader: true,
  };
}

function dialectArguments({ delimiter, quote, escape }: Dialect): string {
  return `delim=${quoteText(delimiter)}, quote=${quoteText(quote)}, escape=${quoteText(escape)}`;
}

function readArguments(file: Csv, dialect: Dialect, options: ReadTableOptions, names: Names) {
  const missing = (options.missing ?? missingTexts).map(quoteText).join(", ");
  const header = options.header ?? names.isHeader;
  const columns = names.texts.map((_, index) => quoteText(`c${index}`)).join(", ");
  return (
    `${quoteText(file.path)}, ${dialectArguments(dialect)}, header=${header}, ` +
    `names=[${columns}], nullstr=[${missing}], max_line_size=16777216, decimal_separator='${dialect.decimal}', ` +
    "auto_type_candidates=['BOOLEAN', 'DOUBLE', 'DATE', 'TIMESTAMP', 'VARCHAR']"
  );
}

async function hasWrongType(database: Database): Promise<boolean> {
  const [counts] = await database.rows(
    "SELECT (SELECT count(*) FROM rejected WHERE error_type = 'CAST')::DOUBLE AS bad, " +
      "(SELECT count(*) FROM source)::DOUBLE AS good",
  );
  const bad = Number(counts?.bad);
  return bad > 0 && bad > tolerableShare * (bad + Number(counts?.good));
}

async function readRejects(
  database: Database,
  names: readonly string[],
): Promise<Loaded["rejects"]> {
  // Columns are read under numbers, since names in SQL do not tell upper from lower case.
  const named = (reason: string) =>
    reason.replace(
      /^(Error when converting column )"c(\d+)"/,
      (_, start: string, index: string) => `${start}"${names[Number(index)]}"`,
    );
  const [count] = await database.rows("SELECT count(DISTINCT line)::DOUBLE AS lines FROM rejected");
  const rows = await database.rows(
    "SELECT line::DOUBLE AS line, first(error_message) AS reason FROM rejected " +
      "GROUP BY line ORDER BY line LIMIT 20",
  );
  return {
    count: Number(count?.lines),
    rows: rows.map((row) => ({ line: Number(row.line), reason: named(String(row.reason)) })),
  };
}
