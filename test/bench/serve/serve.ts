/**
 * Measures how fast each subject answers one-row predictions, all in one run, and prints ratios:
 * `node dist/test/bench/serve/serve.js [REQUESTS [ROUNDS]]`. Absolute figures depend on the machine.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { makeRows } from "./rows.ts";

const amount = Number(process.argv[2] ?? 100_000);
const rounds = Number(process.argv[3] ?? 2);
const { genre: _, ...row } = makeRows(1)[0] ?? {};
const body = JSON.stringify(row);

interface Figures {
  perSecond: number;
  p99Ms: number;
  /** Processor time per request: what stays comparable on a busy machine. */
  microseconds: number;
}

async function askTime(child: ChildProcessByStdio<Writable, Readable, null>): Promise<number> {
  child.stdin.write("time\n");
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  return Number(chunk);
}

async function measure(subject: string): Promise<Figures> {
  const program = fileURLToPath(new URL("subjects.js", import.meta.url));
  const child = spawn(process.execPath, [program, subject], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    const load = { url: `http://127.0.0.1:${Number(chunk)}/predict`, connections: 64, body };
    const request = { method: "POST", headers: { "content-type": "application/json" } } as const;
    await autocannon({ ...load, ...request, amount: 20_000 });
    const before = await askTime(child);
    const result = await autocannon({ ...load, ...request, amount });
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${subject} failed requests`);
    const microseconds = ((await askTime(child)) - before) / result.requests.total;
    return { perSecond: result.requests.average, p99Ms: result.latency.p99, microseconds };
  } finally {
    child.kill();
    await once(child, "close");
  }
}

const names = ["bare", "model", "listen", "served"] as const;
type Name = (typeof names)[number];
const best = new Map<Name, Figures>();
for (let round = 0; round < rounds; round++) {
  for (const name of names) {
    const figures = await measure(name);
    const there = best.get(name);
    if (there === undefined || figures.microseconds < there.microseconds) best.set(name, figures);
  }
}

function ratio(over: Name, under: Name, figure: "perSecond" | "microseconds"): string {
  const [a, b] = [best.get(over)?.[figure] ?? 0, best.get(under)?.[figure] ?? 0];
  return (a / b).toFixed(2);
}

for (const [name, { perSecond, p99Ms, microseconds }] of best) {
  const rate = `${perSecond.toFixed(0).padStart(8)} requests/s`;
  console.log(
    `${name.padEnd(8)}${rate}  p99 ${p99Ms} ms  ${microseconds.toFixed(1)} µs of processor each`,
  );
}
console.log(
  `model app against bare http: ${ratio("model", "bare", "perSecond")} by requests/s (at least 0.45), ${ratio("bare", "model", "microseconds")} by processor time`,
);
console.log(
  `ordinary Express app run by us against app.listen: ${ratio("served", "listen", "perSecond")} by requests/s (at least 1.8), ${ratio("listen", "served", "microseconds")} by processor time`,
);
