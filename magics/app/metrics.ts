import type { IncomingMessage } from "node:http";
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { Gate } from "./gate.ts";
import { RecentRequests } from "./recent-requests.ts";

/** Upper limits of the histogram of latencies. */
export const bucketsSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
];

interface RouteCounts {
  readonly byCode: Map<number, number>;
  readonly buckets: number[];
  seconds: number;
  count: number;
}

/** What one process counted; plain data. */
export interface MetricsSnapshot {
  readonly routes: readonly {
    readonly route: string;
    readonly byCode: readonly (readonly [code: number, count: number])[];
    /** Requests by the first limit they kept; those beyond all limits are in `count` only. */
    readonly buckets: readonly number[];
    readonly seconds: number;
    readonly count: number;
  }[];
  readonly predictions: readonly (readonly [label: string, count: number])[];
  readonly lagSeconds: { readonly mean: number; readonly max: number; readonly p99: number };
  readonly residentBytes: number;
}

/** A request that Express has seen, if any of its routes took it. */
interface RoutedRequest extends IncomingMessage {
  readonly route?: { readonly path?: unknown };
}

/** A number that is counted up where it is used. */
export interface Count {
  value: number;
}

/** Counts what a model's API does. */
export class Metrics implements Disposable {
  readonly #routes = new Map<string, RouteCounts>();
  /** The same counts by Express's own object and the method: making a key of texts takes longer. */
  readonly #known = new Map<unknown, Map<string, RouteCounts>>();
  readonly #predictions = new Map<string, Count>();
  readonly #lag: IntervalHistogram = monitorEventLoopDelay({ resolution: 20 });
  readonly recent = new RecentRequests();
  #requests = 0;
  #errors = 0;

  constructor() {
    this.#lag.enable();
  }

  /** Measures each request from here until its reply is out. */
  readonly gate: Gate = (request, response, next) => {
    const start = performance.now();
    response.on("finish", () => {
      const durationMs = performance.now() - start;
      this.recent.add(request, response, durationMs);
      this.#count(request, response.statusCode, durationMs / 1000);
    });
    next();
  };

  /** The predictions of a class so far, to be counted up; `"number"` for regression. */
  predictionsOf(label: string): Count {
    let count = this.#predictions.get(label);
    if (count === undefined) {
      count = { value: 0 };
      this.#predictions.set(label, count);
    }
    return count;
  }

  /** Requests answered, and those among them with a status of 500 or more. */
  get totals(): { readonly requests: number; readonly errors: number } {
    return { requests: this.#requests, errors: this.#errors };
  }

  /** All that was counted so far; how late the event loop was since the last call. */
  snapshot(): MetricsSnapshot {
    const { mean, max } = this.#lag;
    const p99 = this.#lag.percentile(99);
    this.#lag.reset();
    const seconds = (nanoseconds: number) => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0);
    return {
      routes: [...this.#routes].map(([route, counts]) => ({
        ...counts,
        route,
        byCode: [...counts.byCode],
        buckets: [...counts.buckets],
      })),
      predictions: [...this.#predictions].map(([label, { value }]) => [label, value] as const),
      lagSeconds: { mean: seconds(mean), max: seconds(max), p99: seconds(p99) },
      residentBytes: process.memoryUsage.rss(),
    };
  }

  [Symbol.dispose](): void {
    this.#lag.disable();
  }

  #count(request: RoutedRequest, code: number, seconds: number): void {
    this.#requests++;
    if (code >= 500) this.#errors++;
    const counts = this.#countsOf(request);
    counts.byCode.set(code, (counts.byCode.get(code) ?? 0) + 1);
    counts.count++;
    counts.seconds += seconds;
    const bucket = bucketsSeconds.findIndex((limit) => seconds <= limit);
    if (bucket >= 0) counts.buckets[bucket] = (counts.buckets[bucket] ?? 0) + 1;
  }

  #countsOf({ route, method = "" }: RoutedRequest): RouteCounts {
    let known = this.#known.get(route);
    if (known === undefined) {
      known = new Map();
      this.#known.set(route, known);
    }
    let counts = known.get(method);
    if (counts === undefined) {
      // Paths that no route has are as many as scanners try.
      const path: unknown = route?.path;
      const key = typeof path === "string" ? `${method} ${path}` : "other";
      counts = this.#routes.get(key) ?? makeCounts();
      this.#routes.set(key, counts);
      known.set(method, counts);
    }
    return counts;
  }
}

function makeCounts(): RouteCounts {
  return { byCode: new Map(), buckets: bucketsSeconds.map(() => 0), seconds: 0, count: 0 };
}
