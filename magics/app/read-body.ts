import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError } from "./http-error.ts";

type Done = (error: HttpError | undefined, bytes: Buffer) => void;

const empty = Buffer.alloc(0);
const awaitingContinue = new WeakSet<IncomingMessage>();

/** Notes that this request's sender waits for "100 Continue" before it sends the body. */
export function markAwaitingContinue(request: IncomingMessage): void {
  awaitingContinue.add(request);
}

const bodyListeners = new WeakMap<IncomingMessage, (bytes: Buffer) => void>();

/** Calls `listener` with this request's body when it was read whole. */
export function listenForBody(request: IncomingMessage, listener: (bytes: Buffer) => void): void {
  bodyListeners.set(request, listener);
}

/** True where a request announces a body. */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers["content-length"];
  return length === undefined ? request.headers["transfer-encoding"] !== undefined : length !== "0";
}

/**
 * Collects a request's body and calls `done` once: with the bytes, or with a 413 as soon as more
 * than `maxBytes` are announced or seen, or with a 400 where the sender gave up.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  done: Done,
): void {
  if (!hasBody(request)) return done(undefined, empty);
  if (Number(request.headers["content-length"]) > maxBytes) return done(tooLarge(maxBytes), empty);
  if (awaitingContinue.delete(request)) response.writeContinue();
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let size = 0;
  let isDone = false;
  request.on("data", (chunk: Buffer) => {
    if (isDone) return;
    size += chunk.length;
    if (size > maxBytes) {
      isDone = true;
      done(tooLarge(maxBytes), empty);
    } else if (first === undefined) first = chunk;
    else {
      rest ??= [first];
      rest.push(chunk);
    }
  });
  request.on("end", () => {
    if (isDone) return;
    isDone = true;
    const bytes = rest === undefined ? (first ?? empty) : Buffer.concat(rest, size);
    bodyListeners.get(request)?.(bytes);
    done(undefined, bytes);
  });
  request.on("error", () => {
    if (isDone) return;
    isDone = true;
    done(new HttpError(400, "The body ended before it was complete"), empty);
  });
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, `The body is larger than ${maxBytes} bytes`);
}
