import type { Request, Response } from "./express.ts";
import { HttpError, unprocessable } from "./http-error.ts";
import { parseJsonBody } from "./json-body.ts";
import { hasBody, readBody } from "./read-body.ts";
import type { BodyType, OtherBody } from "./route.ts";

export interface BodyLimits {
  readonly maxBodyBytes: number;
}

export interface WantedBody extends BodyLimits {
  readonly type: BodyType;
  readonly isTypeOptional: boolean;
  readonly others: readonly OtherBody[];
  /** True where it has answered a JSON body by its bytes alone; then nothing is left to be done. */
  readonly answer?: ((bytes: Buffer, request: Request, response: Response) => boolean) | undefined;
}

type Done = (error: unknown, body: unknown) => void;

/**
 * Reads a request's body as `type` and gives its value. Gives an HttpError instead where the
 * request says another type or charset (415), is too large (413) or cannot be read (422). A body
 * that a middleware has parsed before is taken as it is.
 */
export function receiveBody(
  request: Request,
  response: Response,
  wanted: WantedBody,
  done: Done,
): void {
  if (request.body !== undefined) return done(undefined, request.body);
  const form = findForm(request, wanted);
  const refusal = form === undefined ? refuseType(request, wanted) : refuseEncoding(request);
  if (refusal !== undefined) return done(refusal, undefined);
  readBody(request, response, wanted.maxBodyBytes, (error, bytes) => {
    if (error !== undefined) return done(error, undefined);
    if (bytes.length === 0) return done(missingBody(), undefined);
    let body: unknown;
    try {
      if (form === "application/json" && wanted.answer?.(bytes, request, response)) return;
      const isOther = typeof form === "object";
      body = isOther ? form.read(decodeText(bytes)) : decode(bytes, request, wanted.type);
    } catch (fault) {
      return done(fault, undefined);
    }
    if (body instanceof Promise) {
      body.then(
        (value) => done(undefined, value),
        (fault) => done(fault, undefined),
      );
    } else done(undefined, body);
  });
}

/** The form in which the body comes, where it is one of those wanted. */
function findForm(request: Request, wanted: WantedBody): BodyType | OtherBody | undefined {
  const header = request.headers["content-type"];
  if (header === wanted.type) return wanted.type;
  // Without a body there is something more useful to say than that its type is missing.
  if (!hasBody(request)) return wanted.type;
  if (header === undefined) return wanted.isTypeOptional ? wanted.type : undefined;
  const { type, charset } = parseType(header);
  if (charset !== undefined && !charsets.has(charset)) return undefined;
  if (type === wanted.type || isJsonVariant(type, wanted.type)) return wanted.type;
  return wanted.others.find((other) => other.type === type);
}

const charsets = new Set(["utf-8", "utf8", "us-ascii"]);

function parseType(header: string): { type: string; charset: string | undefined } {
  const [type = "", ...parameters] = header.toLowerCase().split(";");
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(parameter)?.[1])
    .find((name) => name !== undefined);
  return { type: type.trim(), charset };
}

function refuseType(request: Request, { type, others }: WantedBody): HttpError {
  const header = request.headers["content-type"];
  const types = [type, ...others.map((other) => other.type)];
  const given = parseType(header ?? "");
  if (types.some((wanted) => wanted === given.type || isJsonVariant(given.type, wanted))) {
    const found = (given.charset ?? "").slice(0, 40);
    return new HttpError(415, `The charset must be utf-8, found "${found}"`);
  }
  const found = header === undefined ? "none" : `"${header.slice(0, 100)}"`;
  return new HttpError(415, `Content-Type must be ${types.join(" or ")}, found ${found}`);
}

function refuseEncoding(request: Request): HttpError | undefined {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    return new HttpError(415, "Content-Encoding must be identity", {
      "accept-encoding": "identity",
    });
  }
  return undefined;
}

/** `application/problem+json` and its like are JSON too. */
function isJsonVariant(given: string, type: BodyType): boolean {
  return type === "application/json" && /^application\/[\w.-]+\+json$/.test(given);
}

function decode(bytes: Buffer, request: Request, type: BodyType): unknown {
  switch (type) {
    case "application/json":
      return parseJsonBody(bytes);
    case "text/plain":
    case "text/csv":
      return decodeText(bytes);
    case "application/octet-stream":
      return bytes;
    case "application/x-www-form-urlencoded":
      return decodeForm(new URLSearchParams(decodeText(bytes)));
    case "multipart/form-data": {
      const headers = { "content-type": request.headers["content-type"] ?? "" };
      return new globalThis.Response(new Uint8Array(bytes), { headers })
        .formData()
        .then(decodeForm, () => {
          throw new HttpError(422, [formInvalid]);
        });
    }
  }
}

const formInvalid = {
  type: "form_invalid",
  loc: ["body"],
  msg: "The form cannot be read",
  input: null,
};

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError(422, [
      {
        type: "unicode_invalid",
        loc: ["body"],
        msg: "The bytes are not valid UTF-8",
        input: null,
      },
    ]);
  }
}

/** Fields by name; a name given several times gives a list. */
function decodeForm(form: Iterable<[string, unknown]>): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [name, value] of form) {
    const there = fields.get(name);
    if (there === undefined) fields.set(name, value);
    else fields.set(name, Array.isArray(there) ? [...there, value] : [there, value]);
  }
  return Object.fromEntries(fields);
}

function missingBody(): HttpError {
  return unprocessable([{ type: "missing", loc: ["body"], msg: "Field required", input: null }]);
}
