import { open } from "node:fs/promises";
import { parseOrigins } from "../app/cors.ts";
import type { ModelApiSettings } from "../app/model-app.ts";
import { summarizeModel } from "../app/model-summary.ts";
import { ColabCodeError } from "../errors.ts";
import type { SavedModel } from "../model/model.ts";
import { listenFailure } from "./listen.ts";
import { makeMarker, markerPath } from "./marker.ts";
import { ChildFailure, ModelAppChild } from "./model-app-child.ts";
import type { ModelAppOrder } from "./model-app-messages.ts";
import { modelAppProgram, modelLoader } from "./model-app-program.ts";
import type { RunningService, Service, StartContext } from "./service.ts";

export interface ModelAppOptions extends ModelApiSettings {
  /** Processes that share the port; 1 unless given. */
  readonly workers?: number | undefined;
  /** A request whose last byte comes later gets 408; 30 s unless given. */
  readonly timeoutMs?: number | undefined;
  /** URL of a module with `createModel(saved)`, where the model is of another make. */
  readonly loader?: string | undefined;
}

interface Started {
  readonly child: ModelAppChild;
  readonly workers: number;
  readonly port: number;
  readonly marker: string;
}

const startedBy = new WeakMap<RunningService, Started>();
const ownLoader = new URL(modelLoader, import.meta.url).href;

/** Serves a model's API from a process of its own, or from several that share the port. */
export function modelAppService(saved: SavedModel, options: ModelAppOptions = {}): Service {
  const { workers = 1, timeoutMs, loader = ownLoader, ...api } = options;
  if (api.cors !== undefined) parseOrigins(api.cors);
  const order: ModelAppOrder = { saved, loader, timeoutMs, api: shareOut(api, workers) };
  const describe = (started: Started) => asService(started, order);
  return {
    kind: "model-app",
    async start(port, context) {
      await checkRecord(api.record);
      return describe(await start(port, { workers, order }, context));
    },
    canReplace: (running) => startedBy.get(running)?.workers === workers,
    async replace(running, { signal }) {
      const started = startedBy.get(running);
      if (started === undefined) {
        throw new ColabCodeError("SERVICE_FAILED", "That service is not a model app.");
      }
      await checkRecord(api.record);
      await exchange(started.child, order, signal);
      return describe(started);
    },
  };
}

/** Requests at a time are counted by each worker for itself. */
function shareOut(api: ModelApiSettings, workers: number): ModelApiSettings {
  const { maxConcurrency } = api;
  if (maxConcurrency === undefined) return api;
  return { ...api, maxConcurrency: Math.ceil(maxConcurrency / workers) };
}

/** The person who named the file is told here; the process that writes it has no one to tell. */
async function checkRecord(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  try {
    await (await open(path, "a", 0o600)).close();
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new ColabCodeError(
      "NO_SUCH_FILE",
      `Requests cannot be recorded in ${path} (${reason}).`,
      {
        hint: "Name a file in a folder that is there and that you may write to.",
        cause,
      },
    );
  }
}

async function start(
  port: number,
  { workers, order }: { readonly workers: number; readonly order: ModelAppOrder },
  { signal, host }: StartContext,
): Promise<Started> {
  signal.throwIfAborted();
  const program = workers > 1 ? "model-app-cluster.js" : modelAppProgram;
  const secrets = [order.api.auth, order.api.apiKey].filter((secret) => secret !== undefined);
  const child = new ModelAppChild(program, { secrets });
  const marker = makeMarker();
  try {
    const request = { type: "start", port, host, marker, workers, order } as const;
    const listening = await child.ask(request, "listening", signal);
    return { child, workers, port: listening.port, marker };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw await asStartError(error, port);
  }
}

async function asStartError(error: unknown, port: number): Promise<unknown> {
  if (!(error instanceof ChildFailure)) return error;
  if (/^E[A-Z]+$/.test(error.code)) return listenFailure(port, error);
  return new ColabCodeError("SERVICE_FAILED", `The model cannot be served: ${error.message}`);
}

/** Loads the new model beside the old one, then switches; a failure leaves the old one serving. */
async function exchange(
  child: ModelAppChild,
  order: ModelAppOrder,
  signal: AbortSignal,
): Promise<void> {
  try {
    await child.ask({ type: "prepare", order }, "prepared", signal);
    await child.ask({ type: "switch" }, "switched", signal);
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    const message = `The new model cannot be served: ${error.message}`;
    throw new ColabCodeError("SERVICE_FAILED", message, { hint: "The old one still answers." });
  }
}

function asService(started: Started, { saved, api }: ModelAppOrder): RunningService {
  const { child, port, marker } = started;
  const running: RunningService = {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    probePath: markerPath,
    marker,
    summary: summarizeModel(saved.schema),
    links: [
      { label: "form", path: "/" },
      { label: "docs", path: "/docs" },
      { label: "health", path: "/healthz" },
      { label: "metrics", path: "/metrics" },
    ],
    runsCode: false,
    secret: undefined,
    isProtected: api.auth !== undefined || api.apiKey !== undefined,
    log: () => child.log.lines(),
    stats: () => child.stats,
    recent: () => child.stats.recent,
    trouble: () => child.stats.trouble,
    allowHosts: (hosts) => child.send({ type: "allow-hosts", hosts }),
    ended: child.ended,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
  startedBy.set(running, started);
  return running;
}
