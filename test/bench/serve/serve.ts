/**
 * Measures how fast each subject answers, all in one run, and prints ratios:
 * `node dist/test/bench/serve/serve.js [REQUESTS [ROUNDS]]`. Absolute figures depend on the machine.
 * The first run installs FastAPI and scikit-learn into the cache.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { trainModel } from "../../../magics/model/train-model.ts";
import { modelAppService } from "../../../magics/services/model-app.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { prepareFastApi } from "./fastapi.ts";
import { makeRows } from "./rows.ts";

const amount = Number(process.argv[2] ?? 100_000);
const rounds = Number(process.argv[3] ?? 2);
const batchRows = 1000;
const rows = makeRows(batchRows).map(({ genre: _, ...row }) => row);

interface Figures {
  perSecond: number;
  p99Ms: number;
  /** Processor time per request: what stays comparable on a busy machine. */
  microseconds: number;
}

interface Load {
  readonly path: string;
  readonly body: string;
  readonly amount: number;
  readonly connections: number;
}

type Subject = ChildProcessByStdio<Writable, Readable, null>;

await using folder = await temporaryFolder();
const fastApi = await prepareFastApi(folder.path);
const subjectsProgram = fileURLToPath(new URL("subjects.js", import.meta.url));

function startSubject(name: string): Subject {
  const [program = "", ...words] =
    name === "fastapi" ? fastApi : [process.execPath, subjectsProgram, name];
  return spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
}

async function readNumber(child: Subject): Promise<number> {
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  return Number(chunk);
}

async function askTime(child: Subject): Promise<number> {
  child.stdin.write("time\n");
  return readNumber(child);
}

async function untilHealthy(url: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const reply = await fetch(`${url}/healthz`).catch(() => undefined); // Not listening yet.
    await reply?.text();
    if (reply !== undefined) return;
  }
  throw new Error(`${url} does not answer`);
}

async function measure(subject: string, { path, body, connections, ...rest }: Load) {
  const child = startSubject(subject);
  try {
    const url = `http://127.0.0.1:${await readNumber(child)}`;
    await untilHealthy(url);
    const load = { url: url + path, connections, body };
    const request = { method: "POST", headers: { "content-type": "application/json" } } as const;
    await autocannon({ ...load, ...request, amount: Math.max(connections, rest.amount / 5) });
    const before = await askTime(child);
    const result = await autocannon({ ...load, ...request, amount: rest.amount });
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${subject} failed requests`);
    const microseconds = ((await askTime(child)) - before) / result.requests.total;
    const perSecond = result.requests.total / result.duration;
    return { perSecond, p99Ms: result.latency.p99, microseconds };
  } finally {
    child.kill();
    await once(child, "close");
  }
}

/** The better of several rounds, subjects in turn. */
async function compare(names: readonly string[], load: (name: string) => Load) {
  const best = new Map<string, Figures>();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const figures = await measure(name, load(name));
      const there = best.get(name);
      if (there === undefined || figures.microseconds < there.microseconds) best.set(name, figures);
    }
  }
  for (const [name, { perSecond, p99Ms, microseconds }] of best) {
    const rate = `${perSecond.toFixed(0).padStart(8)} requests/s`;
    console.log(
      `${name.padEnd(8)}${rate}  p99 ${p99Ms} ms  ${microseconds.toFixed(1)} µs of processor each`,
    );
  }
  return (over: string, under: string, figure: keyof Figures): string => {
    const [a, b] = [best.get(over)?.[figure] ?? 0, best.get(under)?.[figure] ?? 0];
    return (a / b).toFixed(2);
  };
}

async function timeStart(start: () => Promise<AsyncDisposable & { url: string }>) {
  const begin = performance.now();
  await using running = await start();
  await untilHealthy(running.url);
  return performance.now() - begin;
}

async function startFastApi() {
  const child = startSubject("fastapi");
  return {
    url: `http://127.0.0.1:${await readNumber(child)}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, "close");
    },
  };
}

console.log(`One row, 64 connections, ${amount} requests`);
const single = await compare(["bare", "model", "listen", "served", "fastapi"], (name) => ({
  path: "/predict",
  body: JSON.stringify(rows[0]),
  amount: name === "fastapi" ? Math.ceil(amount / 10) : amount,
  connections: 64,
}));
console.log(
  `model app against bare http: ${single("model", "bare", "perSecond")} by requests/s (at least 0.45), ${single("bare", "model", "microseconds")} by processor time`,
);
console.log(
  `ordinary Express app run by us against app.listen: ${single("served", "listen", "perSecond")} by requests/s (at least 1.8), ${single("listen", "served", "microseconds")} by processor time`,
);
console.log(
  `model app against FastAPI: ${single("model", "fastapi", "perSecond")} by requests/s (at least 15), ${single("fastapi", "model", "microseconds")} by processor time, p99 ${single("fastapi", "model", "p99Ms")} times lower (at least 10)`,
);

console.log(`\n${batchRows} rows, 4 connections`);
const batch = await compare(["model", "fastapi"], (name) => ({
  path: name === "fastapi" ? "/batch" : "/predict",
  body: JSON.stringify(rows),
  amount: name === "fastapi" ? 200 : 2000,
  connections: 4,
}));
console.log(
  `model app against FastAPI: ${batch("model", "fastapi", "perSecond")} by rows/s (at least 8), ${batch("fastapi", "model", "microseconds")} by processor time`,
);

const model = await trainModel(makeRows(4000), { target: "genre" });
const service = modelAppService(model.toJSON());
const context = { signal: AbortSignal.timeout(600_000), onProgress() {} };
const starts: [ours: number, theirs: number][] = [];
for (let round = 0; round < Math.max(3, rounds); round++) {
  const ours = await timeStart(() => service.start(0, context));
  starts.push([ours, await timeStart(startFastApi)]);
}
const fastest = (place: 0 | 1) => Math.min(...starts.map((pair) => pair[place]));
console.log(
  `\nstart to first 200: model app ${fastest(0).toFixed(0)} ms, FastAPI ${fastest(1).toFixed(0)} ms, ${(fastest(1) / fastest(0)).toFixed(1)} times sooner (at least 5)`,
);
