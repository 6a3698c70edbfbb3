import type { IncomingMessage, ServerResponse } from "node:http";
import { addDocsPage } from "./docs-page.ts";
import {
  type Express,
  express,
  type NextFunction,
  type Request,
  type Response,
} from "./express.ts";
import { answerFallthrough, type ErrorFields, type OnError } from "./fallthrough.ts";
import { type Gate, passGates } from "./gate.ts";
import type { Guard } from "./guard.ts";
import { describeApp, type OpenApiDocument } from "./openapi.ts";
import { sendError } from "./reply.ts";
import type { AnyDefinition, AnyHandler, Method, Route } from "./route.ts";
import type { TypedMatcher } from "./typed-matcher.ts";
import { makeTypedRoute } from "./typed-route.ts";

export interface AppOptions {
  readonly title: string;
  readonly version: string;
  readonly summary?: string;
  /** Markdown. */
  readonly description?: string;
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  /** Security schemes that the app's own middleware enforces, as OpenAPI writes them. */
  readonly securitySchemes?: Readonly<Record<string, unknown>>;
  /** Enforced before any handler, and documented. */
  readonly guards?: readonly Guard[];
  /** What requests pass before Express and the guards see them, for counting and the like. */
  readonly gates?: readonly Gate[];
  /** Other statuses any route may answer with, for the documentation. */
  readonly errors?: Readonly<Record<number, string>>;
  /** Bodies of typed routes; 1 MB unless given. */
  readonly maxBodyBytes?: number;
  /** Told of what a handler threw. Writes to stderr unless given. */
  readonly onError?: OnError;
  /** What the bodies of errors hold beside `detail`. */
  readonly errorFields?: ErrorFields;
  /** False leaves out `/docs` and `/openapi.json`. */
  readonly hasDocs?: boolean;
}

/** An Express app whose methods also take typed routes. */
export interface TypedApp extends Omit<Express, Method> {
  (request: Request | IncomingMessage, response: Response | ServerResponse): unknown;
  get: TypedMatcher<TypedApp> & ((setting: string) => unknown);
  post: TypedMatcher<TypedApp>;
  put: TypedMatcher<TypedApp>;
  patch: TypedMatcher<TypedApp>;
  delete: TypedMatcher<TypedApp>;
  readonly about: { readonly title: string; readonly hasDocs: boolean };
  /** The OpenAPI 3.1 document of the routes added so far. */
  describe(): OpenApiDocument;
}

/** Known to every copy of this package: a notebook may import another than the one that serves. */
const typedAppKey = Symbol.for("colabcode.typed-app");

/** True for what `createApp` made. */
export function isTypedApp(app: unknown): app is TypedApp {
  return typeof app === "function" && typedAppKey in app;
}

const methods: readonly Method[] = ["get", "post", "put", "patch", "delete"];

/**
 * Makes an Express app with typed, documented routes: any middleware and router mounts on it, and
 * it mounts on any Express app. Serves `/openapi.json` and Swagger UI at `/docs`.
 */
export function createApp(options: AppOptions): TypedApp {
  const app = express();
  app.disable("x-powered-by");
  const routes: Route[] = [];
  const limits = { maxBodyBytes: options.maxBodyBytes ?? 1_000_000 };
  addGuards(app, options);
  for (const method of methods) {
    const plain = app[method].bind(app) as (...values: unknown[]) => unknown; // Checked by TypedMatcher.
    const typed = (...values: unknown[]): unknown => {
      const [path, definition, handler] = values;
      if (!isDefinition(definition) || typeof path !== "string") return plain(...values);
      if (typeof handler !== "function") throw new TypeError(`${method} ${path} has no handler`);
      routes.push({ method, path, definition });
      // TypedMatcher gives no other handler.
      return plain(path, makeTypedRoute(definition, handler as AnyHandler, limits));
    };
    Object.assign(app, { [method]: typed });
  }
  // Its methods were just replaced by typed ones.
  const result = Object.assign(app, {
    about: { title: options.title, hasDocs: options.hasDocs !== false },
    [typedAppKey]: true,
    describe: () => describeApp(options, routes),
  }) as unknown as TypedApp;
  if (options.hasDocs !== false) addDocs(app, options, routes);
  surround(app, options);
  return result;
}

function isDefinition(value: unknown): value is AnyDefinition {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function addGuards(app: Express, { guards = [], errorFields }: AppOptions): void {
  for (const guard of guards) {
    app.use((request: Request, response: Response, next: NextFunction) => {
      const refusal = guard.isOpen(request.path) ? undefined : guard.check(request);
      if (refusal === undefined) next();
      else sendError(request, response, refusal, errorFields?.(request, refusal));
    });
  }
}

function addDocs(app: Express, options: AppOptions, routes: readonly Route[]): void {
  let text = "";
  let described = -1;
  // Kept until a route is added, which an app may do while it serves.
  const document = () => {
    if (described !== routes.length) text = JSON.stringify(describeApp(options, routes));
    described = routes.length;
    return text;
  };
  app.get("/openapi.json", (_request: Request, response: Response) => {
    response.set("Cache-Control", "no-cache").type("json").send(document());
  });
  addDocsPage(app, options.title);
}

/** Puts the gates in front, and answers what falls through every route, wherever the user adds them. */
function surround(
  app: Express,
  {
    gates = [],
    onError = printError,
    errorFields,
  }: Pick<AppOptions, "gates" | "onError" | "errorFields">,
): void {
  const internals = app as unknown as Dispatcher; // Express does not declare `handle`.
  const handle = internals.handle.bind(app);
  internals.handle = (request, response, next) => {
    const finish = (error: unknown) => {
      const isPassedOn = next !== undefined && (error === undefined || error === null);
      if (isPassedOn) next();
      else answerFallthrough(app, request, response, { error, onError, errorFields });
    };
    try {
      passGates(gates, request, response, () => handle(request, response, finish));
    } catch (error) {
      finish(error);
    }
  };
}

interface Dispatcher {
  handle(request: Request, response: Response, next: ((error?: unknown) => void) | undefined): void;
}

const printError: OnError = (error, { id, request }) => {
  console.error(`${request.method} ${request.path} failed (id ${id})`, error);
};
