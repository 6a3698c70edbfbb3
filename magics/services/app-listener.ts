import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { isTypedApp } from "../app/create-app.ts";
import { express, type RequestHandler } from "../app/express.ts";
import type { RequestListener } from "../app/server.ts";
import { ColabCodeError } from "../errors.ts";
import { fetchListener, type WebHandler } from "./fetch-listener.ts";
import { finishPlain } from "./finish-plain.ts";

export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Something a user wants served, as Node's server takes it. */
export interface ServableApp {
  readonly listener: RequestListener;
  readonly onUpgrade: OnUpgrade | undefined;
  /** What it is, in a few words: "Express app". */
  readonly kind: string;
}

type Log = (error: unknown) => void;

/** Finds out how `app` is served; throws BAD_APP, which says what can be served. */
export async function toServableApp(app: unknown, log: Log): Promise<ServableApp> {
  if (app instanceof Server) return serveServer(app);
  if (isTypedApp(app)) return plain("typed app", app);
  if (typeof app === "function") return serveFunction(app, log);
  if (typeof app === "object" && app !== null) {
    const servable = await serveObject(app, log);
    if (servable !== undefined) return servable;
  }
  throw badApp(app);
}

function plain(kind: string, listener: RequestListener): ServableApp {
  return { kind, listener, onUpgrade: undefined };
}

function serveServer(server: Server): ServableApp {
  return {
    kind: "http.Server",
    listener: (request, response) => server.emit("request", request, response),
    onUpgrade: (request, socket, head) => {
      if (!server.emit("upgrade", request, socket, head)) socket.destroy();
    },
  };
}

// What a function takes cannot be seen from outside but for its number of parameters.
function serveFunction(app: Function, log: Log): ServableApp {
  if (isExpressApp(app)) return plain("Express app", withFinish(app as RequestHandler, log));
  if (app.length > 2) {
    const mounted = express().use(app as RequestHandler); // A router or a middleware.
    return plain("Express router", withFinish(mounted, log));
  }
  if (app.length === 1) return plain("fetch handler", fetchListener(app as WebHandler, log));
  return plain("request handler", guardListener(app as RequestListener, log));
}

function isExpressApp(app: Function): boolean {
  return "handle" in app && "request" in app && "response" in app;
}

/** Keeps Express's prototypes visible, and stack traces out of its error pages. */
function withFinish(app: RequestHandler, log: Log): RequestListener {
  const listener: RequestListener = (request, response) => {
    // Express gives them the rest of its own prototypes.
    const [expressRequest, expressResponse] = [
      request,
      response,
    ] as unknown as Parameters<RequestHandler>;
    app(expressRequest, expressResponse, (error: unknown) => {
      finishPlain(request, response, { error, log });
    });
  };
  const { request, response } = app as unknown as Record<string, unknown>; // Present on Express apps.
  return Object.assign(listener, { request, response });
}

function guardListener(app: RequestListener, log: Log): RequestListener {
  const fail = (request: IncomingMessage, response: ServerResponse, error: unknown) => {
    finishPlain(request, response, { error: error ?? new Error("rejected with nothing"), log });
  };
  return (request, response) => {
    try {
      const result = app(request, response);
      if (result instanceof Promise) result.catch((error) => fail(request, response, error));
    } catch (error) {
      fail(request, response, error);
    }
  };
}

async function serveObject(app: object, log: Log): Promise<ServableApp | undefined> {
  if ("callback" in app && typeof app.callback === "function") {
    return plain("Koa app", guardListener(app.callback() as RequestListener, log));
  }
  if ("ready" in app && typeof app.ready === "function" && "server" in app) {
    await app.ready();
    if (app.server instanceof Server) return { ...serveServer(app.server), kind: "Fastify app" };
  }
  if ("fetch" in app && typeof app.fetch === "function") {
    const handler = app.fetch.bind(app) as WebHandler;
    return plain("fetch app", fetchListener(handler, log));
  }
  if ("handler" in app && typeof app.handler === "function") {
    return plain("request handler", guardListener(app.handler as RequestListener, log));
  }
  return undefined;
}

function badApp(app: unknown): ColabCodeError {
  const found =
    app === undefined || app === null
      ? String(app)
      : typeof app === "object"
        ? `an object of ${app.constructor?.name ?? "no class"}`
        : `a ${typeof app}`;
  return new ColabCodeError("BAD_APP", `${found} cannot be served.`, {
    hint: "Give an app of createApp or Express, a (request, response) function, a (Request) => Response function, an http.Server, or an app of Koa, Fastify or Hono.",
  });
}
