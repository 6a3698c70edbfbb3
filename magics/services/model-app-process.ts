/**
 * A program of its own: serves one model on a loopback port as its parent tells it over IPC, and
 * exits at once when the parent is gone.
 */
import type { Server } from "node:http";
import { createModelApp, type ModelApp } from "../app/model-app.ts";
import { type AppServer, createServer } from "../app/server.ts";
import type { Model, SavedModel } from "../model/model.ts";
import { makeServerEnd } from "./close-server.ts";
import { ClusterLink } from "./cluster-link.ts";
import { HostCheck } from "./host-check.ts";
import { withMarker } from "./marker.ts";
import type { ModelAppOrder, ModelAppReport, ModelAppRequest } from "./model-app-messages.ts";

const graceMs = 1000;
const statsIntervalMs = 250;
/** A row takes milliseconds to send; who takes longer holds a connection for its own sake. */
const defaultTimeoutMs = 30_000;

const hostCheck = new HostCheck();
const link = new ClusterLink(report);
let isWorker = false;
let server: AppServer | undefined;
let endServer: (() => Promise<void>) | undefined;
let serving: ModelApp | undefined;
let prepared: ModelApp | undefined;
const past = { requests: 0, errors: 0 };

process.on("message", (request: ModelAppRequest) => {
  obey(request).catch(fail);
});
process.on("disconnect", () => process.exit());
// Ctrl-C in a terminal and a front end's signals are for the parent, which decides.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => void end());
report({ type: "ready" });

async function obey(request: ModelAppRequest): Promise<void> {
  switch (request.type) {
    case "start":
      return start(request);
    case "prepare":
      prepared = await build(request.order);
      return report({ type: "prepared" });
    case "switch":
      return exchange();
    case "allow-hosts":
      return hostCheck.allow(request.hosts);
    case "count":
      if (serving === undefined) return undefined;
      return report({ type: "counted", snapshot: serving.metrics.snapshot() });
    case "taken":
      return link.answer(request.id, request.seconds);
    case "metrics":
      return link.answer(request.id, request.text);
    case "end":
      return end();
  }
}

/** What the module that makes models exports. */
interface Loader {
  createModel(saved: SavedModel): Model;
}

async function build({ saved, loader, api }: ModelAppOrder): Promise<ModelApp> {
  const { createModel } = (await import(loader)) as Loader; // The parent names no other module.
  const shared = isWorker
    ? { takeRequest: link.takeRequest, readMetrics: link.readMetrics }
    : undefined;
  return createModelApp(createModel(saved), { ...api, ...shared });
}

async function start(request: Extract<ModelAppRequest, { type: "start" }>): Promise<void> {
  const { port, host, marker, order, workers } = request;
  isWorker = workers > 1;
  serving = await build(order);
  server = createServer(serving.app, {
    wrap: (listener) => withMarker(marker, hostCheck.wrap(listener)),
    requestTimeoutMs: order.timeoutMs ?? defaultTimeoutMs,
  });
  endServer = makeServerEnd(server.server, graceMs);
  listen(server.server, { port, host: host ?? "127.0.0.1" });
  let last = "";
  setInterval(() => {
    const totals = { ...addUp(), trouble: serving?.trouble() };
    const now = `${totals.requests} ${totals.trouble}`;
    if (now !== last) {
      report({ type: "stats", ...totals, recent: serving?.metrics.recent.list() ?? [] });
    }
    last = now;
  }, statsIntervalMs).unref();
}

function listen(http: Server, at: { readonly port: number; readonly host: string }): void {
  http.once("error", fail);
  http.listen(at, () => {
    http.off("error", fail);
    const address = http.address();
    report({ type: "listening", port: typeof address === "object" ? (address?.port ?? 0) : 0 });
  });
}

function exchange(): void {
  if (prepared !== undefined && server !== undefined) {
    Object.assign(past, addUp());
    serving?.[Symbol.dispose]();
    serving = prepared;
    prepared = undefined;
    server.replace(serving.app);
  }
  report({ type: "switched" });
}

function addUp(): { requests: number; errors: number } {
  const { requests, errors } = serving?.metrics.totals ?? { requests: 0, errors: 0 };
  return { requests: past.requests + requests, errors: past.errors + errors };
}

async function end(): Promise<void> {
  await endServer?.();
  process.exit();
}

function fail(error: unknown): void {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  report({ type: "failed", code, message: error instanceof Error ? error.message : String(error) });
}

function report(message: ModelAppReport): void {
  if (process.connected) process.send?.(message);
}
