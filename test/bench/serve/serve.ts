/**
 * Measures how fast each subject answers, all in one run, and prints ratios:
 * `node dist/test/bench/serve/serve.js [SECONDS [ROUNDS]]`. Absolute figures depend on the machine.
 * The load is made by wrk where it is installed. The first run installs FastAPI and scikit-learn
 * into the cache.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { trainModel } from "../../../magics/model/train-model.ts";
import { buildModelApp } from "../../../magics/services/build-model-app.ts";
import { modelAppService } from "../../../magics/services/model-app.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { measureBusyCell } from "./busy-cell.ts";
import { prepareFastApi } from "./fastapi.ts";
import { findLoader } from "./load.ts";
import { makeRows } from "./rows.ts";

const seconds = Number(process.argv[2] ?? 5);
const rounds = Number(process.argv[3] ?? 2);
const batchRows = 1000;
const rows = makeRows(batchRows).map(({ genre: _, ...row }) => row);

interface Figures {
  perSecond: number;
  p99Ms: number;
  /** Processor time per request: what stays comparable on a busy machine. */
  microseconds: number;
}

interface Task {
  readonly path: string;
  readonly body: string;
  readonly connections: number;
}

type Subject = ChildProcessByStdio<Writable, Readable, null>;

await using folder = await temporaryFolder();
const fastApi = await prepareFastApi(folder.path);
const loader = await findLoader(folder.path);
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

async function measure(subject: string, { path, ...task }: Task) {
  const child = startSubject(subject);
  try {
    const url = `http://127.0.0.1:${await readNumber(child)}`;
    await untilHealthy(url);
    const load = { ...task, url: url + path };
    await loader.send({ ...load, seconds: 1 });
    const before = await askTime(child);
    const { requests, ...figures } = await loader.send({ ...load, seconds });
    return { ...figures, microseconds: ((await askTime(child)) - before) / requests };
  } finally {
    child.kill();
    await once(child, "close");
  }
}

/** The better of several rounds, subjects in turn. */
async function compare(names: readonly string[], task: (name: string) => Task) {
  const best = new Map<string, Figures>();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const figures = await measure(name, task(name));
      const there = best.get(name);
      if (there === undefined || figures.microseconds < there.microseconds) best.set(name, figures);
    }
  }
  for (const [name, { perSecond, p99Ms, microseconds }] of best) {
    const rate = `${perSecond.toFixed(0).padStart(8)} requests/s`;
    console.log(
      `${name.padEnd(8)}${rate}  p99 ${p99Ms.toFixed(1)} ms  ${microseconds.toFixed(1)} µs of processor each`,
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

console.log(`One row, 64 connections, ${seconds} s by ${loader.name}`);
const single = await compare(["bare", "model", "listen", "served", "fastapi"], () => ({
  path: "/predict",
  body: JSON.stringify(rows[0]),
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
  connections: 4,
}));
console.log(
  `model app against FastAPI: ${batch("model", "fastapi", "perSecond")} by rows/s (at least 8), ${batch("fastapi", "model", "microseconds")} by processor time`,
);

// As both are from the second start on: Python keeps its compiled modules too.
await buildModelApp(AbortSignal.timeout(60_000));
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

console.log("\np99 at 300 requests/s while a cell computes");
for (const workers of [1, 2]) {
  const { quietMs, busyMs } = await measureBusyCell(model.toJSON(), { workers, seconds, rounds });
  const ratio = (busyMs / quietMs).toFixed(2);
  console.log(
    `${workers} workers: ${quietMs.toFixed(2)} ms, busy ${busyMs.toFixed(2)} ms, ${ratio} times (at most 2)`,
  );
}
