/**
 * How quickly trees are grown, against ml-cart and, where BENCH_PYTHON names a Python that has it,
 * scikit-learn. Run alone: node dist/test/bench/train/train.js [ml-cart | scikit-learn]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchData } from "./data.ts";

const oneRun = fileURLToPath(new URL("./one-run.js", import.meta.url));
const python = process.env.BENCH_PYTHON;
const only = process.argv[2];
const script = fileURLToPath(
  new URL("../../../../test/bench/train/scikit-learn.py", import.meta.url),
);

function times(program: string, ...words: string[]): number[] {
  return JSON.parse(execFileSync(program, words, { encoding: "utf8" }));
}

function ratio(name: string, other: readonly number[], ours: number, wanted: number): void {
  const factor = Math.min(...other) / ours;
  const mark = factor >= wanted ? "" : `   (wanted ${wanted})`;
  console.log(`  ${name.padEnd(40)} ${factor.toFixed(1).padStart(8)} ×${mark}`);
}

function ms(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`.padStart(10);
}

const cartRows = [
  ["4000", 2],
  ["16000", 1],
] as const;
for (const [rows, cartRuns] of only === "scikit-learn" ? [] : cartRows) {
  const ours = times(process.execPath, oneRun, "ours", rows, "10", "30");
  const cart = times(process.execPath, oneRun, "ml-cart", rows, "10", String(cartRuns));
  const [first = 0, warm = 0] = [ours[0], Math.min(...ours)];
  console.log(
    `${rows} rows, depth 10: first ${ms(first)}, warm ${ms(warm)}, ml-cart ${ms(Math.min(...cart))}`,
  );
  ratio("against ml-cart, first call", cart, first, 30);
  ratio("against ml-cart, warm", cart, warm, 400);
}

const folder = mkdtempSync(join(tmpdir(), "colabcode-bench-"));
try {
  const otherRows = [
    [4000, 1],
    [80_000, 3],
    [800_000, 8],
  ] as const;
  for (const [rows, wanted] of only === "ml-cart" ? [] : otherRows) {
    const ours = times(process.execPath, oneRun, "ours", String(rows), "out", "3");
    const [first = 0, warm = 0] = [ours[0], Math.min(...ours)];
    console.log(`${rows} rows, grown out: first ${ms(first)}, warm ${ms(warm)}`);
    if (python === undefined) continue;
    const path = join(folder, "columns");
    const { columns, labels } = benchData(rows);
    writeFileSync(
      path,
      Buffer.concat(
        [...columns, Float64Array.from(labels)].map((column) => new Uint8Array(column.buffer)),
      ),
    );
    const theirs = times(python, script, path, String(rows), "out", rows > 100_000 ? "1" : "3");
    ratio(
      `against scikit-learn (${ms(Math.min(...theirs)).trim()}), first call`,
      theirs,
      first,
      wanted,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (python === undefined) console.log("scikit-learn was left out: BENCH_PYTHON is not set");
