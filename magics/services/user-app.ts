import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { inspect } from "node:util";
import { isTypedApp } from "../app/create-app.ts";
import { type Gate, passGates } from "../app/gate.ts";
import { type GateSettings, makeGates } from "../app/gates.ts";
import { basicGuard } from "../app/guard.ts";
import { RecentRequests } from "../app/recent-requests.ts";
import { sendError } from "../app/reply.ts";
import { type AppServer, createServer, type RequestListener } from "../app/server.ts";
import { type ServableApp, toServableApp } from "./app-listener.ts";
import { makeServerEnd } from "./close-server.ts";
import { HostCheck } from "./host-check.ts";
import { listenOn } from "./listen.ts";
import { makeMarker, markerPath, withMarker } from "./marker.ts";
import { ProgramLog } from "./program-log.ts";
import type { End, RunningService, Service } from "./service.ts";

export interface UserAppOptions extends GateSettings {
  /** `user:password` that visitors must give. */
  readonly auth?: string | undefined;
  /** A request whose last byte comes later gets 408; 5 minutes unless given. */
  readonly timeoutMs?: number | undefined;
  /** How long requests under way may take when the service ends; 1 s unless given. */
  readonly graceMs?: number | undefined;
}

const hosts = new WeakMap<RunningService, AppHost>();

/**
 * Serves an app where it is, in this process: an Express or typed app, a request listener, a
 * fetch-style handler, an http.Server, or an app of Koa, Fastify or Hono. Starting rejects with
 * BAD_APP for anything else.
 */
export function userAppService(app: unknown, options: UserAppOptions = {}): Service {
  return {
    kind: "app",
    async start(port, { host: bindHost }) {
      const log = new ProgramLog({ secrets: options.auth === undefined ? [] : [options.auth] });
      const servable = await toServableApp(app, (error) => report(log, error));
      const host = new AppHost(servable, { ...options, log });
      const bound = await listenOn(host.server.server, port, bindHost);
      return host.describe(bound, app);
    },
    canReplace: (running) => hosts.has(running),
    async replace(running) {
      const host = hosts.get(running);
      if (host === undefined) return this.start(running.port, neverAborted);
      const servable = await toServableApp(app, (error) => report(host.log, error));
      host.replace(servable, options);
      return host.describe(running.port, app);
    },
  };
}

const neverAborted = { signal: new AbortController().signal, onProgress: () => {} };

/** The person in the notebook sees the stack where the cell's other output is. */
function report(log: ProgramLog, error: unknown): void {
  const text = inspect(error);
  for (const line of text.split("\n")) log.add(line);
  console.error(text);
}

/** One port of this process and the app behind it. */
class AppHost {
  readonly server: AppServer;
  readonly log: ProgramLog;
  readonly #marker = makeMarker();
  readonly #hostCheck = new HostCheck();
  readonly #end: () => Promise<void>;
  readonly #ended: Promise<End>;
  readonly #recent = new RecentRequests();
  readonly #stats = { requests: 0, errors: 0 };
  #app: ServableApp;
  #guard: ReturnType<typeof basicGuard> | undefined;
  #gates: readonly Gate[];

  constructor(app: ServableApp, options: UserAppOptions & { readonly log: ProgramLog }) {
    this.#app = app;
    this.log = options.log;
    this.#guard = options.auth === undefined ? undefined : basicGuard(options.auth);
    this.#gates = makeGates(options);
    this.server = createServer(app.listener, {
      wrap: (listener) => this.#prepare(listener),
      ...(options.timeoutMs === undefined ? {} : { requestTimeoutMs: options.timeoutMs }),
    });
    this.#end = makeServerEnd(this.server.server, options.graceMs ?? 1000);
    this.#ended = new Promise((resolve) => {
      this.server.server.once("close", () => resolve({ asked: true, reason: "ended" }));
    });
    this.#listenForUpgrades();
  }

  replace(app: ServableApp, options: UserAppOptions): void {
    this.#gates = makeGates(options);
    this.#app = app;
    this.#guard = options.auth === undefined ? undefined : basicGuard(options.auth);
    this.server.replace(app.listener);
    this.#listenForUpgrades();
  }

  describe(port: number, app: unknown): RunningService {
    const running: RunningService = {
      url: `http://127.0.0.1:${port}`,
      port,
      pid: process.pid,
      probePath: markerPath,
      marker: this.#marker,
      summary: this.#app.kind,
      links: inspectApp(app).links,
      runsCode: false,
      secret: undefined,
      isProtected: this.#guard !== undefined,
      log: () => this.log.lines(),
      stats: () => this.#stats,
      recent: () => this.#recent.list(),
      allowHosts: (hosts) => this.#hostCheck.allow(hosts),
      ended: this.#ended,
      [Symbol.asyncDispose]: () => this.#end(),
    };
    hosts.set(running, this);
    return running;
  }

  #prepare(listener: RequestListener): RequestListener {
    const counted = this.#count(this.#limit(this.#protect(listener)));
    return withMarker(this.#marker, this.#hostCheck.wrap(counted));
  }

  #limit(listener: RequestListener): RequestListener {
    const gates = this.#gates;
    if (gates.length === 0) return listener;
    return (request, response) =>
      passGates(gates, request, response, () => listener(request, response));
  }

  #protect(listener: RequestListener): RequestListener {
    const guard = this.#guard;
    if (guard === undefined) return listener;
    return (request, response) => {
      const refusal = guard.check(request);
      if (refusal === undefined) return listener(request, response);
      sendError(request, response, refusal);
    };
  }

  #count(listener: RequestListener): RequestListener {
    const stats = this.#stats;
    return (request, response) => {
      const start = performance.now();
      stats.requests++;
      response.on("finish", () => {
        this.#recent.add(request, response, performance.now() - start);
        if (response.statusCode >= 500) stats.errors++;
      });
      return listener(request, response);
    };
  }

  /** Without a listener Node answers an upgrade as any other request, which most apps expect. */
  #listenForUpgrades(): void {
    const { server } = this.server;
    server.removeAllListeners("upgrade");
    const { onUpgrade } = this.#app;
    if (onUpgrade === undefined) return;
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const isAllowed = this.#hostCheck.allows(request);
      if (isAllowed && this.#guard?.check(request) === undefined) onUpgrade(request, socket, head);
      else socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
    });
  }
}

/** What there is to see of an app: its title and the pages worth a link. */
export function inspectApp(app: unknown): {
  readonly title: string | undefined;
  readonly links: RunningService["links"];
} {
  const root = { label: "app", path: "/" };
  if (!isTypedApp(app)) return { title: undefined, links: [root] };
  const { title, hasDocs } = app.about;
  const docs = { label: "docs", path: "/docs" };
  return { title, links: hasDocs ? [docs, root] : [root] };
}
