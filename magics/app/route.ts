import type { z } from "zod";
import type { Request, Response } from "./express.ts";

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** How a body is written on the wire. JSON unless a route says otherwise. */
export type BodyType =
  | "application/json"
  | "multipart/form-data"
  | "application/x-www-form-urlencoded"
  | "text/plain"
  | "text/csv"
  | "application/octet-stream";

/** A text that stands for a body; what `read` makes of it is checked by the route's schema. */
export interface OtherBody {
  readonly type: Extract<BodyType, `text/${string}`>;
  read(text: string): unknown;
  readonly example?: string;
  readonly description?: string;
}

/** The schema of a part that a route does not describe. */
export type NoBody = z.ZodType<undefined>;
export type TextFields = z.ZodType<Record<string, string | string[] | undefined>>;

/** What a route takes and gives. Schemas check requests, type the handler and make the documentation. */
export interface RouteDefinition<
  Body extends z.ZodType = NoBody,
  Reply extends z.ZodType = z.ZodUnknown,
  Query extends z.ZodType = TextFields,
  Params extends z.ZodType = z.ZodType<Record<string, string>>,
  Headers extends z.ZodType = TextFields,
> {
  readonly body?: Body;
  /** Checked too, unless `isResponseTrusted`: a reply that does not fit is the server's error, 500. */
  readonly response?: Reply;
  readonly isResponseTrusted?: boolean;
  readonly query?: Query;
  readonly params?: Params;
  /** Names in lower case. */
  readonly headers?: Headers;
  /**
   * Answers the bytes of a JSON body at once with the JSON of the reply, where it knows both to be
   * what the checks and the handler would have made of them; undefined leaves it to those. Asked
   * only where the request has no query.
   */
  readonly quick?: (bytes: Buffer, request: Request) => string | undefined;
  /** A body that works, shown in the documentation. */
  readonly example?: z.input<NoInfer<Body>>;
  readonly responseExample?: z.input<NoInfer<Reply>>;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly operationId?: string;
  readonly isDeprecated?: boolean;
  /** Status of a good reply; 200 unless given. */
  readonly status?: number;
  readonly bodyType?: BodyType;
  /** Other forms in which the body may come. */
  readonly otherBodies?: readonly OtherBody[];
  /** Other forms in which the handler answers by itself, by media type, for the documentation. */
  readonly otherReplies?: Readonly<Record<string, { readonly example?: string }>>;
  /** True takes a body that does not say its type for `bodyType`. */
  readonly isTypeOptional?: boolean;
  /** The app's unless given. */
  readonly maxBodyBytes?: number;
  /** Other statuses the handler answers with, and what they mean: `{ 404: "No such item" }`. */
  readonly errors?: Readonly<Record<number, string>>;
  /** Names of the app's security schemes this route asks for; those of the app unless given. */
  readonly security?: readonly string[];
  /** False keeps the route out of the documentation. */
  readonly isDocumented?: boolean;
}

/** One request to a typed route, checked. */
export interface Call<
  Body extends z.ZodType = NoBody,
  Query extends z.ZodType = TextFields,
  Params extends z.ZodType = z.ZodType<Record<string, string>>,
  Headers extends z.ZodType = TextFields,
> {
  readonly body: z.output<Body>;
  readonly query: z.output<Query>;
  readonly params: z.output<Params>;
  readonly headers: z.output<Headers>;
  readonly request: Request;
  /** For handlers that answer by themselves; such a handler returns it. */
  readonly response: Response;
}

/**
 * Answers a checked request with a value, or by itself with `response`, which it then returns.
 * Nothing returned is 204. What it throws becomes the reply if it is an HttpError, else a 500.
 */
export type Handler<
  Body extends z.ZodType,
  Reply extends z.ZodType,
  Query extends z.ZodType,
  Params extends z.ZodType,
  Headers extends z.ZodType,
> = (
  call: Call<Body, Query, Params, Headers>,
) => z.input<Reply> | Response | Promise<z.input<Reply> | Response>;

/** A route of any schemas, as the documentation and the dispatcher see it. */
export interface Route {
  readonly method: Method;
  /** In Express's form: `/items/:id`. */
  readonly path: string;
  readonly definition: AnyDefinition;
}

export type AnyDefinition = RouteDefinition<z.ZodType, z.ZodType, z.ZodType, z.ZodType, z.ZodType>;

/** A handler whose schemas are no longer known to the compiler. */
export type AnyHandler = (call: Call<z.ZodType, z.ZodType, z.ZodType, z.ZodType>) => unknown;
