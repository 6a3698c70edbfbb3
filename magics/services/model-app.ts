import { summarizeModel } from "../app/model-summary.ts";
import { ColabCodeError } from "../errors.ts";
import type { SavedModel } from "../model/model.ts";
import { listenFailure } from "./listen.ts";
import { makeMarker, markerPath } from "./marker.ts";
import { ChildFailure, ModelAppChild } from "./model-app-child.ts";
import type { ModelAppOrder } from "./model-app-messages.ts";
import type { RunningService, Service, StartContext } from "./service.ts";

export interface ModelAppOptions {
  /** Processes that share the port; 1 unless given. */
  readonly workers?: number | undefined;
  /** `user:password` that visitors must give. */
  readonly auth?: string | undefined;
  /** Asked for in X-API-Key by all that predicts. */
  readonly apiKey?: string | undefined;
  readonly maxBodyBytes?: number | undefined;
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
const ownLoader = new URL("../model/create-model.js", import.meta.url).href;

/** Serves a model's API from a process of its own, or from several that share the port. */
export function modelAppService(saved: SavedModel, options: ModelAppOptions = {}): Service {
  const { workers = 1, auth, apiKey, maxBodyBytes, loader = ownLoader } = options;
  const order: ModelAppOrder = { saved, auth, apiKey, maxBodyBytes, loader };
  const describe = (started: Started) => asService(started, order);
  return {
    kind: "model-app",
    async start(port, context) {
      return describe(await start(port, { workers, order }, context));
    },
    canReplace: (running) => startedBy.get(running)?.workers === workers,
    async replace(running, { signal }) {
      const started = startedBy.get(running);
      if (started === undefined) {
        throw new ColabCodeError("SERVICE_FAILED", "That service is not a model app.");
      }
      await exchange(started.child, order, signal);
      return describe(started);
    },
  };
}

async function start(
  port: number,
  { workers, order }: { readonly workers: number; readonly order: ModelAppOrder },
  { signal }: StartContext,
): Promise<Started> {
  signal.throwIfAborted();
  const program = workers > 1 ? "model-app-cluster.js" : "model-app-process.js";
  const secrets = [order.auth, order.apiKey].filter((secret) => secret !== undefined);
  const child = new ModelAppChild(program, secrets);
  const marker = makeMarker();
  try {
    const request = { type: "start", port, marker, workers, order } as const;
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

function asService(started: Started, { saved, auth, apiKey }: ModelAppOrder): RunningService {
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
    isProtected: auth !== undefined || apiKey !== undefined,
    log: () => child.log.lines(),
    stats: () => child.stats,
    recent: () => child.stats.recent,
    allowHosts: (hosts) => child.send({ type: "allow-hosts", hosts }),
    ended: child.ended,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
  startedBy.set(running, started);
  return running;
}
