import {
  createServer as createHttpServer,
  IncomingMessage,
  type Server,
  ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import { isTypedApp } from "./create-app.ts";
import { markAwaitingContinue } from "./read-body.ts";

/** What Node's server calls with each request; an Express app is one. */
export type RequestListener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A server whose app can be exchanged while it serves. */
export interface AppServer {
  readonly server: Server;
  /** From the next request on, `listener` answers. */
  replace(listener: RequestListener): void;
}

/**
 * Makes an HTTP server for any Node request listener, fastest for Express apps: requests and
 * responses are born with the prototypes that Express gives them, so that its own
 * `Object.setPrototypeOf` changes nothing and V8 keeps their shapes.
 */
export function createServer(
  listener: RequestListener,
  options: {
    /** Puts something in front of each app, which keeps its speed. */
    readonly wrap?: (listener: RequestListener) => RequestListener;
    /** A request whose last byte comes later than this gets 408; Node's 5 minutes unless given. */
    readonly requestTimeoutMs?: number;
  } = {},
): AppServer {
  const { wrap = (next) => next, requestTimeoutMs = 300_000 } = options;
  let app = listener;
  let current = wrap(listener);
  const ReadyRequest = subclass(IncomingMessage);
  const ReadyResponse = subclass(ServerResponse);
  const prepare = (next: RequestListener) => {
    app = next;
    current = wrap(next);
    ReadyRequest.prototype = prototypeOf(next, "request") ?? IncomingMessage.prototype;
    ReadyResponse.prototype = prototypeOf(next, "response") ?? ServerResponse.prototype;
  };
  prepare(listener);
  // Node calls them with `new`, and they give instances of what they stand for.
  const ready = {
    IncomingMessage: ReadyRequest as unknown as typeof IncomingMessage,
    ServerResponse: ReadyResponse as unknown as typeof ServerResponse,
  };
  const server = createHttpServer(
    {
      ...(canSubclass ? ready : {}),
      keepAliveTimeout: 65_000,
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(60_000, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(30_000, requestTimeoutMs / 4),
    },
    (request, response) => current(request, response),
  );
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    // Typed routes ask for the body only when they want it; others expect it to come.
    if (isTypedApp(app)) markAwaitingContinue(request);
    else response.writeContinue();
    current(request, response);
  });
  server.on("clientError", answerBrokenRequest);
  return { server, replace: prepare };
}

type Constructor = (this: object, ...values: readonly unknown[]) => void;

/**
 * A constructor whose instances are `Base`'s, with a prototype that can be exchanged. Called as a
 * function, for Reflect.construct makes objects that V8 is slow with.
 */
function subclass(Base: typeof IncomingMessage | typeof ServerResponse): { prototype: object } {
  const construct = Base as unknown as Constructor; // Node's are functions, which TypeScript takes for classes.
  function Ready(this: object, first: unknown, second: unknown): void {
    construct.call(this, first, second);
  }
  // V8 makes room in an object for the properties that its constructor's whole chain assigns.
  Object.setPrototypeOf(Ready, Base);
  return Ready;
}

/** False where a Node should come to make them classes: then Express sets its prototypes itself. */
const canSubclass = [IncomingMessage, ServerResponse].every(
  (Base) => !Function.prototype.toString.call(Base).startsWith("class"),
);

function prototypeOf(listener: RequestListener, part: "request" | "response"): object | undefined {
  const prototype: unknown = Reflect.get(listener, part);
  const Base = part === "request" ? IncomingMessage : ServerResponse;
  return prototype instanceof Base ? prototype : undefined;
}

const brokenReplies: Readonly<Record<string, readonly [string, string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "The headers are too large"],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "The request did not arrive in time"],
};

/** Answers what is not HTTP, or did not arrive in time, in the form of all other errors. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] = brokenReplies[error.code ?? ""] ?? ["400 Bad Request", "Not valid HTTP"];
  const body = JSON.stringify({ detail });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
