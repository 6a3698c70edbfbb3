import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { NextFunction, Request, RequestHandler, Response } from "./express.ts";
import { RecentRequests } from "./recent-requests.ts";

const bucketsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

interface RouteCounts {
  readonly byCode: Map<number, number>;
  readonly buckets: number[];
  seconds: number;
  count: number;
}

/** Counts what a model's API does, and tells it in Prometheus' text form. */
export class Metrics implements Disposable {
  readonly #routes = new Map<string, RouteCounts>();
  readonly #predictions = new Map<string, number>();
  readonly #lag: IntervalHistogram = monitorEventLoopDelay({ resolution: 20 });
  readonly recent = new RecentRequests();
  #requests = 0;
  #errors = 0;

  constructor() {
    this.#lag.enable();
  }

  /** Measures each request from here until its reply is out. */
  readonly middleware: RequestHandler = (
    request: Request,
    response: Response,
    next: NextFunction,
  ) => {
    const start = performance.now();
    response.on("finish", () => {
      const durationMs = performance.now() - start;
      this.recent.add(request, response, durationMs);
      this.#count(request, response.statusCode, durationMs / 1000);
    });
    next();
  };

  /** Counts a prediction by its class; `"number"` for regression. */
  countPrediction(label: string): void {
    this.#predictions.set(label, (this.#predictions.get(label) ?? 0) + 1);
  }

  /** Requests answered, and those among them with a status of 500 or more. */
  get totals(): { readonly requests: number; readonly errors: number } {
    return { requests: this.#requests, errors: this.#errors };
  }

  format(): string {
    return [...this.#formatRequests(), ...this.#formatPredictions(), ...this.#formatLag(), ""].join(
      "\n",
    );
  }

  [Symbol.dispose](): void {
    this.#lag.disable();
  }

  #count(request: Request, code: number, seconds: number): void {
    this.#requests++;
    if (code >= 500) this.#errors++;
    // Paths that no route has are as many as scanners try.
    const path: unknown = request.route?.path;
    const key = typeof path === "string" ? `${request.method} ${path}` : "other";
    let counts = this.#routes.get(key);
    if (counts === undefined) {
      counts = { byCode: new Map(), buckets: bucketsSeconds.map(() => 0), seconds: 0, count: 0 };
      this.#routes.set(key, counts);
    }
    counts.byCode.set(code, (counts.byCode.get(code) ?? 0) + 1);
    counts.count++;
    counts.seconds += seconds;
    const bucket = bucketsSeconds.findIndex((limit) => seconds <= limit);
    if (bucket >= 0) counts.buckets[bucket] = (counts.buckets[bucket] ?? 0) + 1;
  }

  *#formatRequests(): Generator<string> {
    yield "# HELP http_requests_total Requests answered, by route and status code.";
    yield "# TYPE http_requests_total counter";
    for (const [route, { byCode }] of this.#routes) {
      for (const [code, count] of byCode) {
        yield `http_requests_total{route="${escapeLabel(route)}",code="${code}"} ${count}`;
      }
    }
    yield "# HELP http_request_duration_seconds Time from a request's headers to its reply's end.";
    yield "# TYPE http_request_duration_seconds histogram";
    for (const [route, counts] of this.#routes) {
      const label = `route="${escapeLabel(route)}"`;
      let sum = 0;
      for (const [index, limit] of bucketsSeconds.entries()) {
        sum += counts.buckets[index] ?? 0;
        yield `http_request_duration_seconds_bucket{${label},le="${limit}"} ${sum}`;
      }
      yield `http_request_duration_seconds_bucket{${label},le="+Inf"} ${counts.count}`;
      yield `http_request_duration_seconds_sum{${label}} ${counts.seconds}`;
      yield `http_request_duration_seconds_count{${label}} ${counts.count}`;
    }
  }

  *#formatPredictions(): Generator<string> {
    yield "# HELP model_predictions_total Rows predicted, by predicted class.";
    yield "# TYPE model_predictions_total counter";
    for (const [label, count] of this.#predictions) {
      yield `model_predictions_total{class="${escapeLabel(label)}"} ${count}`;
    }
  }

  *#formatLag(): Generator<string> {
    const { mean, max } = this.#lag;
    const p99 = this.#lag.percentile(99);
    const values = { mean, max, p99 };
    this.#lag.reset();
    for (const [name, nanoseconds] of Object.entries(values)) {
      const metric = `nodejs_eventloop_lag_${name}_seconds`;
      yield `# HELP ${metric} How late the event loop was since the last look, ${name}.`;
      yield `# TYPE ${metric} gauge`;
      yield `${metric} ${Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0}`;
    }
    yield "# HELP process_resident_memory_bytes Memory in use.";
    yield "# TYPE process_resident_memory_bytes gauge";
    yield `process_resident_memory_bytes ${process.memoryUsage.rss()}`;
  }
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}
