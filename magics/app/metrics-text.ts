import { bucketsSeconds, type MetricsSnapshot } from "./metrics.ts";

type Routes = MetricsSnapshot["routes"];

/** Writes what was counted in Prometheus' text form. */
export function formatMetrics(snapshot: MetricsSnapshot): string {
  const { routes, predictions } = snapshot;
  return [
    ...formatRequests(routes),
    ...formatPredictions(predictions),
    ...formatProcess(snapshot),
    "",
  ].join("\n");
}

function* formatRequests(routes: Routes): Generator<string> {
  yield "# HELP http_requests_total Requests answered, by route and status code.";
  yield "# TYPE http_requests_total counter";
  for (const { route, byCode } of routes) {
    for (const [code, count] of byCode) {
      yield `http_requests_total{route="${escapeLabel(route)}",code="${code}"} ${count}`;
    }
  }
  yield "# HELP http_request_duration_seconds Time from a request's headers to its reply's end.";
  yield "# TYPE http_request_duration_seconds histogram";
  for (const { route, buckets, seconds, count } of routes) {
    const label = `route="${escapeLabel(route)}"`;
    let sum = 0;
    for (const [index, limit] of bucketsSeconds.entries()) {
      sum += buckets[index] ?? 0;
      yield `http_request_duration_seconds_bucket{${label},le="${limit}"} ${sum}`;
    }
    yield `http_request_duration_seconds_bucket{${label},le="+Inf"} ${count}`;
    yield `http_request_duration_seconds_sum{${label}} ${seconds}`;
    yield `http_request_duration_seconds_count{${label}} ${count}`;
  }
}

function* formatPredictions(predictions: MetricsSnapshot["predictions"]): Generator<string> {
  yield "# HELP model_predictions_total Rows predicted, by predicted class.";
  yield "# TYPE model_predictions_total counter";
  for (const [label, count] of predictions) {
    yield `model_predictions_total{class="${escapeLabel(label)}"} ${count}`;
  }
}

function* formatProcess({ lagSeconds, residentBytes }: MetricsSnapshot): Generator<string> {
  for (const [name, seconds] of Object.entries(lagSeconds)) {
    const metric = `nodejs_eventloop_lag_${name}_seconds`;
    yield `# HELP ${metric} How late the event loop was since the last look, ${name}.`;
    yield `# TYPE ${metric} gauge`;
    yield `${metric} ${seconds}`;
  }
  yield "# HELP process_resident_memory_bytes Memory in use.";
  yield "# TYPE process_resident_memory_bytes gauge";
  yield `process_resident_memory_bytes ${residentBytes}`;
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}
