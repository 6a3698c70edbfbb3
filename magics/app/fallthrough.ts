import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Application, Request, Response } from "./express.ts";
import { HttpError } from "./http-error.ts";
import { sendError } from "./reply.ts";

/** Told of what a handler threw; the caller was given `id` and nothing else. */
export type OnError = (error: unknown, failure: { id: string; request: Request }) => void;

/** What the body of an error holds beside `detail`. */
export type ErrorFields = (request: Request, error: HttpError) => Readonly<Record<string, unknown>>;

interface Fallthrough {
  readonly error: unknown;
  readonly onError: OnError;
  readonly errorFields?: ErrorFields | undefined;
}

/** Answers what no handler answered: 404, 405 with Allow, and errors. */
export function answerFallthrough(
  app: Application,
  request: Request,
  response: Response,
  { error, onError, errorFields = () => ({}) }: Fallthrough,
): void {
  const send = (refusal: HttpError, extra: object = {}) => {
    sendError(request, response, refusal, { ...extra, ...errorFields(request, refusal) });
  };
  if (error !== undefined && error !== null && error !== false) {
    const id = randomUUID();
    const refusal = asRefusal(error);
    if (refusal === undefined) report(onError, error, { id, request });
    // With half a reply out there is no honest way to go on.
    if (response.headersSent) response.destroy();
    else if (refusal === undefined) send(new HttpError(500), { id });
    else send(refusal);
    return;
  }
  if (response.headersSent) return;
  const methods = allowedMethods(app, request.path);
  if (methods.length > 0) {
    const allow = methods.join(", ");
    send(new HttpError(405, "Method Not Allowed", { allow }));
  } else send(new HttpError(404, "Not Found"));
}

/** Errors which middleware made for the caller (`http-errors`' form) are told; others are not. */
function asRefusal(error: unknown): HttpError | undefined {
  if (error instanceof HttpError)
    return error.status < 500 || error.status === 503 ? error : undefined;
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  const { status } = error;
  if (typeof status !== "number" || status < 400 || status > 499) return undefined;
  const isExposed = !("expose" in error) || error.expose === true;
  return new HttpError(status, isExposed ? error.message : STATUS_CODES[status]);
}

function report(onError: OnError, error: unknown, failure: { id: string; request: Request }): void {
  try {
    onError(error, failure);
  } catch (fault) {
    console.error(fault); // The hook is the user's; its failure must not cost the caller the reply.
  }
}

interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): unknown;
}

/** The methods that the app's own routes have at `path`, as Allow lists them. */
function allowedMethods(app: Application, path: string): string[] {
  // Express gives its router no narrower type.
  const { stack } = app.router as unknown as { readonly stack: readonly Layer[] };
  const methods = new Set<string>();
  for (const layer of stack) {
    if (layer.route === undefined || !matches(layer, path)) continue;
    for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
  }
  if (methods.has("_ALL")) return [];
  if (methods.has("GET")) methods.add("HEAD");
  if (methods.size > 0) methods.add("OPTIONS");
  return [...methods].sort();
}

function matches(layer: Layer, path: string): boolean {
  try {
    return Boolean(layer.match(path));
  } catch {
    return false; // A path that cannot be decoded matches nothing.
  }
}
