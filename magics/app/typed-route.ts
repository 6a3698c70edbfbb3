import { once } from "node:events";
import { Readable } from "node:stream";
import { z } from "zod";
import { makeCoerce } from "./coerce-text.ts";
import { EventStream } from "./event-stream.ts";
import type { NextFunction, Request, RequestHandler, Response } from "./express.ts";
import { type FieldError, fieldErrors } from "./field-error.ts";
import { unprocessable } from "./http-error.ts";
import { type BodyLimits, receiveBody, type WantedBody } from "./receive-body.ts";
import { sendJson } from "./reply.ts";
import type { AnyDefinition, AnyHandler } from "./route.ts";

/** Makes the Express handler of a typed route: checks the request, calls, answers. */
export function makeTypedRoute(
  definition: AnyDefinition,
  handler: AnyHandler,
  limits: BodyLimits,
): RequestHandler {
  const check = makeCheck(definition);
  const answer = makeAnswer(definition, handler, check);
  if (definition.body === undefined) {
    return (request, response, next) => answer(request, response, next, undefined);
  }
  const wanted = {
    type: definition.bodyType ?? "application/json",
    others: definition.otherBodies ?? [],
    isTypeOptional: definition.isTypeOptional === true,
    maxBodyBytes: definition.maxBodyBytes ?? limits.maxBodyBytes,
    answer: makeQuickAnswer(definition),
  };
  return (request, response, next) => {
    receiveBody(request, response, wanted, (error, body) => {
      if (error === undefined) answer(request, response, next, body);
      else next(error);
    });
  };
}

function makeQuickAnswer({ quick, status = 200 }: AnyDefinition): WantedBody["answer"] {
  if (quick === undefined) return undefined;
  return (bytes, request, response) => {
    const text = request.url.includes("?") ? undefined : quick(bytes, request);
    if (text !== undefined) sendJson(response, status, text);
    return text !== undefined;
  };
}

type Checked = Pick<Parameters<AnyHandler>[0], "body" | "query" | "params" | "headers">;
type Check = (request: Request, body: unknown) => Checked | Promise<Checked>;
type Part = (value: unknown, errors: FieldError[]) => unknown;

/** Makes the check of all parts of a request; it throws a 422 that lists what is wrong in any. */
function makeCheck(definition: AnyDefinition): Check {
  const checkParams = makeTextPart(definition.params, "path");
  const checkQuery = makeTextPart(definition.query, "query");
  const checkHeaders = makeTextPart(definition.headers, "header");
  const checkBody = makePart(definition.body, "body");
  return (request, body) => {
    const errors: FieldError[] = [];
    const params = checkParams === undefined ? request.params : checkParams(request.params, errors);
    const query = checkQuery === undefined ? undefined : checkQuery(request.query, errors);
    const headers =
      checkHeaders === undefined ? request.headers : checkHeaders(request.headers, errors);
    const checked = checkBody === undefined ? body : checkBody(body, errors);
    const parts = [params, query, headers, checked];
    if (parts.some((part) => part instanceof Promise)) return settle(parts, errors, request);
    if (errors.length > 0) throw unprocessable(errors);
    return { body: checked, params, headers, query: query ?? request.query };
  };
}

async function settle(
  parts: readonly unknown[],
  errors: readonly FieldError[],
  request: Request,
): Promise<Checked> {
  const [params, query, headers, body] = await Promise.all(parts);
  if (errors.length > 0) throw unprocessable(errors);
  return { body, params, headers, query: query ?? request.query };
}

function makeTextPart(schema: z.ZodType | undefined, place: string): Part | undefined {
  const check = makePart(schema, place);
  if (schema === undefined || check === undefined) return undefined;
  const coerce = makeCoerce(schema);
  return (value, errors) => check(coerce({ ...(value as object) }), errors); // Express gives objects.
}

function makePart(schema: z.ZodType | undefined, place: string): Part | undefined {
  if (schema === undefined) return undefined;
  let isAsync = false;
  return (value, errors) => {
    const finish = (result: z.ZodSafeParseResult<unknown>) => {
      if (result.success) return result.data;
      errors.push(...fieldErrors(result.error.issues, value, [place]));
      return undefined;
    };
    if (!isAsync) {
      try {
        return finish(schema.safeParse(value));
      } catch (error) {
        if (!(error instanceof z.core.$ZodAsyncError)) throw error;
        isAsync = true;
      }
    }
    return schema.safeParseAsync(value).then(finish);
  };
}

function makeAnswer(definition: AnyDefinition, handler: AnyHandler, check: Check) {
  const reply = makeReply(definition);
  const call = (request: Request, response: Response, checked: Checked): unknown => {
    const value = handler({ ...checked, request, response });
    return value instanceof Promise
      ? value.then((result: unknown) => reply(response, result))
      : reply(response, value);
  };
  return (request: Request, response: Response, next: NextFunction, body: unknown) => {
    try {
      const checked = check(request, body);
      const done =
        checked instanceof Promise
          ? checked.then((parts) => call(request, response, parts))
          : call(request, response, checked);
      if (done instanceof Promise) done.catch(next);
    } catch (error) {
      next(error);
    }
  };
}

/** Makes what turns a handler's value into a reply. */
function makeReply(definition: AnyDefinition): (response: Response, value: unknown) => unknown {
  const { response: schema, status = 200, isResponseTrusted = false } = definition;
  return (response, value) => {
    if (value === response || response.headersSent) return undefined;
    if (response.statusCode === 200) response.statusCode = status;
    if (value === undefined) return sendNothing(response);
    if (isStream(value)) return sendStream(response, value);
    if (schema === undefined || isResponseTrusted)
      return sendJson(response, response.statusCode, JSON.stringify(value));
    return sendChecked(response, schema, value);
  };
}

function sendNothing(response: Response): void {
  if (response.statusCode === 200) response.statusCode = 204;
  response.end();
}

function sendChecked(response: Response, schema: z.ZodType, value: unknown): unknown {
  const send = (result: z.ZodSafeParseResult<unknown>) => {
    if (!result.success) {
      const message = `The reply does not fit the route's response schema: ${z.prettifyError(result.error)}`;
      throw new TypeError(message);
    }
    sendJson(response, response.statusCode, JSON.stringify(result.data));
  };
  try {
    return send(schema.safeParse(value));
  } catch (error) {
    if (!(error instanceof z.core.$ZodAsyncError)) throw error;
    return schema.safeParseAsync(value).then(send);
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** Sends strings and bytes as they come, other values as one JSON line each. */
async function sendStream(response: Response, values: AsyncIterable<unknown>): Promise<void> {
  if (!response.hasHeader("content-type")) {
    const isRaw = values instanceof Readable || values instanceof ReadableStream;
    const plain = isRaw ? "application/octet-stream" : "application/x-ndjson";
    const type = values instanceof EventStream ? "text/event-stream" : plain;
    response.setHeader("content-type", type);
    response.setHeader("cache-control", "no-store");
  }
  const abandoned = new AbortController();
  response.on("close", () => abandoned.abort());
  for await (const value of values) {
    const isRaw = typeof value === "string" || value instanceof Uint8Array;
    const hasRoom = response.write(isRaw ? value : `${JSON.stringify(value)}\n`);
    if (response.destroyed) return;
    if (hasRoom) continue;
    await once(response, "drain", { signal: abandoned.signal }).catch(() => {}); // The caller left.
    if (response.destroyed) return;
  }
  response.end();
}
