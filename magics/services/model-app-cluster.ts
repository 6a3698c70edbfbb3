/**
 * A program of its own: lets several processes serve one model on one port, starts another where
 * one dies, and exits with them when its parent is gone. Speaks as a single one does.
 */
import cluster, { type Worker } from "node:cluster";
import { fileURLToPath } from "node:url";
import { addMetrics } from "../app/add-metrics.ts";
import type { MetricsSnapshot } from "../app/metrics.ts";
import { formatMetrics } from "../app/metrics-text.ts";
import { RateLimiter } from "../app/rate-limit.ts";
import { findBundle } from "./bundled-program.ts";
import type {
  ModelAppOrder,
  ModelAppReport,
  ModelAppRequest,
  ModelAppStats,
} from "./model-app-messages.ts";
import { modelAppProgram } from "./model-app-program.ts";

type Start = Extract<ModelAppRequest, { type: "start" }>;
type Awaited = "counted" | "ready" | "listening" | "prepared" | "switched";

let current: Start | undefined;
let prepared: ModelAppOrder | undefined;
let hosts: readonly string[] | undefined;
let isEnding = false;
/** What workers had counted that are gone; rates must not fall when one dies. */
let past: MetricsSnapshot | undefined;
const counted = new Map<number, MetricsSnapshot>();
let limiter: RateLimiter | undefined;
const stats = new Map<number, ModelAppStats>();

cluster.setupPrimary({
  exec: findBundle(modelAppProgram) ?? fileURLToPath(new URL(modelAppProgram, import.meta.url)),
});
process.on("message", (request: ModelAppRequest) => {
  obey(request).catch((error: unknown) => {
    const isFailure = typeof error === "object" && error !== null && "type" in error;
    // What a worker reported, or what happened here.
    report(
      isFailure ? (error as ModelAppReport) : { type: "failed", code: "", message: String(error) },
    );
  });
});
// Workers see the channel to this process close, and exit too.
process.on("disconnect", () => process.exit());
process.on("SIGINT", () => {});
process.on("SIGTERM", () => end());
report({ type: "ready" });

async function obey(request: ModelAppRequest): Promise<void> {
  switch (request.type) {
    case "start": {
      current = request;
      limiter = makeLimiter(request.order);
      // The first finds the port that the others then share.
      const { port } = await startWorker(request);
      current = { ...request, port };
      const rest = Array.from({ length: request.workers - 1 }, () => startWorker(request));
      await Promise.all(rest);
      return report({ type: "listening", port });
    }
    case "prepare":
      prepared = request.order;
      await askAll(request, "prepared");
      return report({ type: "prepared" });
    case "switch":
      if (current !== undefined && prepared !== undefined)
        current = { ...current, order: prepared };
      if (prepared !== undefined) limiter = makeLimiter(prepared);
      await askAll(request, "switched");
      return report({ type: "switched" });
    case "allow-hosts":
      hosts = request.hosts;
      for (const worker of workersNow()) worker.send(request);
      return undefined;
    case "end":
      return end();
    case "count":
    case "taken":
    case "metrics":
      return undefined; // These go to workers only.
  }
}

function makeLimiter({ api }: ModelAppOrder): RateLimiter | undefined {
  return api.ratePerMinute === undefined ? undefined : new RateLimiter(api.ratePerMinute);
}

async function startWorker(start: Start): Promise<{ port: number }> {
  const worker = cluster.fork();
  worker.on("message", (message: ModelAppReport) => {
    hear(worker, message).catch(() => {}); // The worker died meanwhile, with those who waited.
  });
  await ask(worker, undefined, "ready");
  worker.send({ type: "allow-hosts", hosts } satisfies ModelAppRequest);
  const listening = await ask(worker, start, "listening");
  worker.once("exit", () => {
    const last = counted.get(worker.id);
    if (last !== undefined) past = past === undefined ? last : addMetrics([past, last]);
    counted.delete(worker.id);
    if (isEnding || current === undefined) return;
    startWorker(current).catch((error: unknown) => {
      console.error("a worker could not be started again", error);
    });
  });
  return listening;
}

/** What a worker says or asks by itself. */
async function hear(worker: Worker, message: ModelAppReport): Promise<void> {
  switch (message.type) {
    case "stats":
      stats.set(worker.id, message);
      return report({ type: "stats", ...addUp() });
    case "counted":
      counted.set(worker.id, message.snapshot);
      return;
    case "take": {
      const seconds = limiter?.take(message.client) ?? 0;
      worker.send({ type: "taken", id: message.id, seconds } satisfies ModelAppRequest);
      return;
    }
    case "read-metrics": {
      const text = await readMetrics();
      worker.send({ type: "metrics", id: message.id, text } satisfies ModelAppRequest);
      return;
    }
    default:
      return; // The others are answers, which whoever asked listens for.
  }
}

/** The metrics of all workers as one; of one that does not answer, as it last told them. */
async function readMetrics(): Promise<string> {
  const answers = workersNow().map((worker) => ask(worker, { type: "count" }, "counted"));
  await Promise.allSettled(answers);
  const { lagSeconds, residentBytes, ...rest } = addMetrics([
    ...(past === undefined ? [] : [{ ...past, residentBytes: 0, lagSeconds: noLag }]),
    ...counted.values(),
  ]);
  return formatMetrics({ ...rest, lagSeconds, residentBytes });
}

const noLag = { mean: 0, max: 0, p99: 0 };

function workersNow(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

function askAll(request: ModelAppRequest, answer: Awaited): Promise<unknown> {
  return Promise.all(workersNow().map((worker) => ask(worker, request, answer)));
}

/** Waits for an answer, to `request` where there is one. */
function ask<T extends Awaited>(worker: Worker, request: ModelAppRequest | undefined, answer: T) {
  return new Promise<Extract<ModelAppReport, { type: T }>>((resolve, reject) => {
    const finish = () => {
      worker.off("message", listen);
      worker.off("exit", died);
    };
    const listen = (message: ModelAppReport) => {
      if (message.type !== answer && message.type !== "failed") return;
      finish();
      if (message.type === "failed") reject(message);
      else resolve(message as Extract<ModelAppReport, { type: T }>); // The comparison does not narrow it.
    };
    const died = (code: number | null) => {
      finish();
      reject(new Error(`a worker exited with code ${code}`));
    };
    worker.on("message", listen);
    worker.on("exit", died);
    if (request !== undefined) worker.send(request);
  });
}

function addUp(): ModelAppStats {
  const all = [...stats.values()];
  const recent = all.flatMap((worker) => worker.recent).sort((a, b) => a.at - b.at);
  return {
    requests: all.reduce((sum, { requests }) => sum + requests, 0),
    errors: all.reduce((sum, { errors }) => sum + errors, 0),
    recent: recent.slice(-20),
    trouble: all.find(({ trouble }) => trouble !== undefined)?.trouble,
  };
}

function end(): void {
  isEnding = true;
  const workers = workersNow();
  let left = workers.length;
  if (left === 0) process.exit();
  for (const worker of workers) {
    worker.once("exit", () => {
      left -= 1;
      if (left === 0) process.exit();
    });
    worker.send({ type: "end" } satisfies ModelAppRequest);
  }
}

function report(message: ModelAppReport): void {
  if (process.connected) process.send?.(message);
}
