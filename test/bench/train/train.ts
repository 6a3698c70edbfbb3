/**
 * How quickly trees are grown, against ml-cart, scikit-learn and LightGBM, all in one run:
 * `node dist/test/bench/train/train.js [ml-cart | scikit-learn | lightgbm]`. Run it alone.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPeers, writeColumns } from "./peers.ts";

const oneRun = fileURLToPath(new URL("./one-run.js", import.meta.url));
const only = process.argv[2];
let missed = 0;

/** The least first call of three processes, and the least call of all. */
function timesOf(who: string, rows: number, depth: string, times: number) {
  const runs = Array.from({ length: who === "ml-cart" ? 1 : 3 }, (): number[] =>
    JSON.parse(
      execFileSync(process.execPath, [oneRun, who, String(rows), depth, String(times)], {
        encoding: "utf8",
      }),
    ),
  );
  return leastOf(runs);
}

function leastOf(runs: readonly (readonly number[])[]) {
  return {
    first: Math.min(...runs.map(([first = 0]) => first)),
    warm: Math.min(...runs.flat()),
  };
}

function compare(name: string, theirs: number, ours: number, wanted: number): void {
  const factor = theirs / ours;
  const isMet = factor >= wanted;
  if (!isMet) missed++;
  const figures = `${ms(theirs)} / ${ms(ours)} = ${factor.toFixed(factor < 10 ? 2 : 0)} ×`;
  console.log(
    `  ${name.padEnd(34)} ${figures.padEnd(36)} ${isMet ? "at least" : "NOT"} ${wanted} ×`,
  );
}

function ms(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

if (only === undefined || only === "ml-cart") {
  for (const [rows, cartRuns] of [
    [4000, 2],
    [16_000, 1],
  ] as const) {
    console.log(`${rows} rows, depth 10`);
    const ours = timesOf("ours", rows, "10", 30);
    const cart = timesOf("ml-cart", rows, "10", cartRuns);
    compare("ml-cart / ours, first call", cart.first, ours.first, 30);
    compare("ml-cart / ours, warm", cart.warm, ours.warm, 400);
  }
}

if (only !== "ml-cart") {
  const peers = await installPeers();
  const folder = mkdtempSync(join(tmpdir(), "colabcode-bench-"));
  const file = join(folder, "columns");
  try {
    for (const [rows, wanted] of [
      [4000, 1],
      [80_000, 3],
      [800_000, 8],
    ] as const) {
      if (only === "lightgbm") continue;
      console.log(`${rows} rows, grown out`);
      writeColumns(file, rows);
      const size = { file, rows, depth: "out", times: rows > 100_000 ? 1 : 3 };
      const theirs = leastOf(
        (rows > 100_000 ? [1] : [1, 2]).map(() => peers.fit("scikit-learn", size)),
      );
      const ours = timesOf("ours", rows, "out", 3);
      compare("scikit-learn / ours, first call", theirs.first, ours.first, wanted);
    }
    if (only !== "scikit-learn") {
      console.log("800000 rows, depth 10");
      writeColumns(file, 800_000);
      const size = { file, rows: 800_000, depth: "10", times: 3 };
      const theirs = leastOf([1, 2].map(() => peers.fit("lightgbm", size)));
      const ours = timesOf("ours", 800_000, "10", 3);
      compare("LightGBM / ours, first call", theirs.first, ours.first, 0.5);
      compare("LightGBM / ours, warm", theirs.warm, ours.warm, 0.5);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
if (missed > 0) process.exitCode = 1;
