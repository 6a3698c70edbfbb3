import { type IncomingMessage, ServerResponse } from "node:http";
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
  if (!isPlain(response)) {
    response.end(text);
    return;
  }
  response._send(text, "utf8");
  response.end();
}

/** What Node's own types leave out: `end` uses it, and then writes an empty text once more. */
interface PlainResponse {
  readonly _hasBody: boolean;
  /** Writes to the socket at once, the headers in the same text. */
  _send(text: string, encoding: BufferEncoding): boolean;
}

/**
 * Whether a reply goes out as Node sends it: it has a body, and no middleware has put a `write` or
 * an `end` of its own in place. One system call instead of a gathered one is a sixth of a request.
 */
function isPlain(response: ServerResponse): response is ServerResponse & PlainResponse {
  const { write, end } = ServerResponse.prototype;
  const { _hasBody, _send } = response as Partial<PlainResponse>;
  return (
    response.write === write &&
    response.end === end &&
    _hasBody === true &&
    typeof _send === "function"
  );
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
