import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError } from "./http-error.ts";
import { hasBody } from "./read-body.ts";

type Headers = Readonly<Record<string, string | number>>;

/** Answers with a JSON text. */
export function sendJson(
  response: ServerResponse,
  status: number,
  text: string,
  headers?: Headers,
): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** Bodies up to this many bytes are read and thrown away, so that the connection can be kept. */
const maxDiscardedBytes = 64 * 1024;
const lingerMs = 1000;

/** Answers with an error's status and detail; closes the connection rather than read a large body. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: HttpError,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  const text = JSON.stringify({ detail: error.detail, ...extra });
  if (!isLongUnread(request)) return sendJson(response, error.status, text, error.headers);
  response.writeHead(error.status, {
    ...error.headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    connection: "close",
  });
  if (request.method !== "HEAD") response.write(text);
  linger(request, response);
}

function isLongUnread(request: IncomingMessage): boolean {
  if (request.complete || !hasBody(request)) return false;
  return !(Number(request.headers["content-length"]) <= maxDiscardedBytes);
}

/**
 * Closing a socket with unread bytes resets it, and the sender may lose the reply. So the reply
 * goes out whole, and the socket closes when the sender stops, or after a little while.
 */
function linger(request: IncomingMessage, response: ServerResponse): void {
  let discarded = 0;
  const finish = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(finish, lingerMs);
  request.on("data", (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > maxDiscardedBytes) finish();
  });
  request.on("end", finish);
  request.on("error", finish);
  request.on("close", finish);
  request.resume();
}
