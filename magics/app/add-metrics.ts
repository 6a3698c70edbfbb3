import { bucketsSeconds, type MetricsSnapshot } from "./metrics.ts";

type RouteCounts = MetricsSnapshot["routes"][number];

/** What several processes counted, as one: sums, and of lateness the worst. */
export function addMetrics(snapshots: readonly MetricsSnapshot[]): MetricsSnapshot {
  const routes = new Map<string, RouteCounts>();
  for (const counts of snapshots.flatMap((snapshot) => snapshot.routes)) {
    const there = routes.get(counts.route);
    routes.set(counts.route, there === undefined ? counts : addRoute(there, counts));
  }
  const worst = (name: "mean" | "max" | "p99") =>
    Math.max(0, ...snapshots.map(({ lagSeconds }) => lagSeconds[name]));
  return {
    routes: [...routes.values()],
    predictions: addCounts(snapshots.flatMap((snapshot) => snapshot.predictions)),
    lagSeconds: { mean: worst("mean"), max: worst("max"), p99: worst("p99") },
    residentBytes: snapshots.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

function addRoute(first: RouteCounts, second: RouteCounts): RouteCounts {
  return {
    route: first.route,
    byCode: addCounts([...first.byCode, ...second.byCode]),
    buckets: bucketsSeconds.map(
      (_, index) => (first.buckets[index] ?? 0) + (second.buckets[index] ?? 0),
    ),
    seconds: first.seconds + second.seconds,
    count: first.count + second.count,
  };
}

function addCounts<Key>(counts: readonly (readonly [Key, number])[]): (readonly [Key, number])[] {
  const sums = new Map<Key, number>();
  for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
  return [...sums];
}
