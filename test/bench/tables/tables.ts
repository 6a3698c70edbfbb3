/**
 * How quickly a million rows of eight columns are read, and in how much memory, as CSV, gzipped
 * CSV, JSON lines and Parquet: `node dist/test/bench/tables/tables.js [ROWS]`. Run it alone.
 */
import { execFileSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { seededRandom } from "../../../magics/model/training/random.ts";

const rows = Number(process.argv[2] ?? 1_000_000);
const wanted = { durationMs: 3000, maximumMegabytes: 600 };
const program = fileURLToPath(new URL("./one-table.js", import.meta.url));

const genres = ["Rock", "Hip-Hop", "Jazz", "Folk", "Électronique"];
const names = ["id", "tempo", "energy", "valence", "loudness", "plays", "live", "genre"];

/** Six columns of numbers, one of yes and no, one of text; some cells are missing. */
function* lines(asJson: boolean): Generator<string> {
  const random = seededRandom(3);
  if (!asJson) yield `${names.join(",")}\n`;
  let block = "";
  for (let row = 0; row < rows; row++) {
    const cells = [
      row,
      60 + random() * 140,
      random(),
      random() < 0.01 ? null : random(),
      -random() * 40,
      Math.floor(random() * 1e6),
      random() < 0.5,
      genres[Math.floor(random() * genres.length)] ?? null,
    ];
    block += asJson
      ? `${JSON.stringify(Object.fromEntries(cells.map((cell, index) => [names[index], cell])))}\n`
      : `${cells.map((cell) => cell ?? "").join(",")}\n`;
    if (block.length > 1 << 20) {
      yield block;
      block = "";
    }
  }
  yield block;
}

async function writeParquet(csv: string, parquet: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const quote = (path: string) => `'${path.replaceAll("'", "''")}'`;
  await connection.run(`COPY (FROM ${quote(csv)}) TO ${quote(parquet)} (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

const folder = mkdtempSync(join(tmpdir(), "colabcode-bench-"));
let missed = 0;
try {
  const csv = join(folder, "table.csv");
  const gzip = join(folder, "table.csv.gz");
  const json = join(folder, "table.jsonl");
  const parquet = join(folder, "table.parquet");
  await pipeline(Readable.from(lines(false)), createWriteStream(csv));
  await pipeline(Readable.from(lines(false)), createGzip({ level: 1 }), createWriteStream(gzip));
  await pipeline(Readable.from(lines(true)), createWriteStream(json));
  await writeParquet(csv, parquet);
  for (const path of [csv, gzip, parquet, json]) {
    const found = JSON.parse(execFileSync(process.execPath, [program, path], { encoding: "utf8" }));
    if (found.rows !== rows || found.columns !== names.length)
      throw new Error(`${path} is not whole`);
    const isMet =
      found.durationMs <= wanted.durationMs && found.maximumMegabytes <= wanted.maximumMegabytes;
    if (!isMet && path === csv) missed++;
    const size = `${Math.round(statSync(path).size / 1e6)} MB`;
    const figures = `${(found.durationMs / 1000).toFixed(2)} s, ${Math.round(found.maximumMegabytes)} MB at most`;
    console.log(`${path.slice(folder.length + 7).padEnd(12)} ${size.padStart(7)}   ${figures}`);
  }
  console.log(`wanted of CSV: ${wanted.durationMs / 1000} s, ${wanted.maximumMegabytes} MB`);
} finally {
  rmSync(folder, { recursive: true });
}
if (missed > 0) process.exitCode = 1;
