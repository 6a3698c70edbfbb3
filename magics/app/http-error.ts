import { STATUS_CODES } from "node:http";
import type { FieldError } from "./field-error.ts";

/**
 * Thrown by a handler or middleware, it becomes the reply `{ "detail": … }` with this status. Only
 * what is put in here on purpose reaches the caller.
 */
export class HttpError extends Error {
  readonly status: number;
  readonly detail: string | readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail?: string | readonly FieldError[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    const text = detail ?? STATUS_CODES[status] ?? "Error";
    super(typeof text === "string" ? text : text.map(({ msg }) => msg).join("; "));
    this.name = "HttpError";
    this.status = status;
    this.detail = text;
    this.headers = headers;
  }
}

/** The 422 that names each wrong field. */
export function unprocessable(errors: readonly FieldError[]): HttpError {
  return new HttpError(422, errors);
}
