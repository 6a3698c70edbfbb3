import { createWriteStream, type WriteStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { noRoomReason } from "../full-disk.ts";
import { type Gate, pathOf } from "./gate.ts";
import { listenForBody } from "./read-body.ts";

/** Longer bodies are told by their length. */
const maxRecordedBytes = 64 * 1024;

/**
 * Writes each request that came with a body as a line of JSON: when, what was asked and how it was
 * answered. Headers are left out, and of the query all but the names given: they may hold secrets.
 */
export class Recorder implements Disposable {
  /** Why nothing is recorded any more, in a sentence. */
  failure: string | undefined;
  readonly #file: WriteStream;
  readonly #queryNames: ReadonlySet<string>;

  /** Adds to `path`, which only its owner may read; the first failure to write is the last. */
  constructor(path: string, queryNames: readonly string[]) {
    this.#queryNames = new Set(queryNames);
    this.#file = createWriteStream(path, { flags: "a", mode: 0o600 });
    this.#file.on("error", (error) => {
      const reason = noRoomReason(error) ?? error.message;
      this.failure = `Requests are no longer recorded in ${path}: ${reason}.`;
      console.error(this.failure);
    });
  }

  readonly gate: Gate = (request, response, next) => {
    const start = performance.now();
    const asked = { time: new Date().toISOString(), ...this.#describe(request) };
    listenForBody(request, (bytes) => {
      response.once("close", () => {
        const ms = Math.round((performance.now() - start) * 100) / 100;
        this.#write({ ...asked, ms, ...describeReply(response) }, bytes);
      });
    });
    next();
  };

  [Symbol.dispose](): void {
    this.#file.end();
  }

  #describe(request: IncomingMessage) {
    const path = pathOf(request);
    const query = new URLSearchParams((request.url ?? "").slice(path.length));
    const known = [...query].filter(([name]) => this.#queryNames.has(name));
    return {
      method: request.method,
      path,
      ...(known.length > 0 ? { query: Object.fromEntries(known) } : {}),
      type: request.headers["content-type"]?.slice(0, 100),
    };
  }

  #write(entry: Record<string, unknown>, bytes: Buffer): void {
    if (this.#file.destroyed) return;
    this.#file.write(`${JSON.stringify({ ...entry, body: readable(bytes) })}\n`);
  }
}

function describeReply(response: ServerResponse) {
  return { status: response.writableFinished ? response.statusCode : undefined };
}

/** JSON as JSON, other text as text. */
function readable(bytes: Buffer): unknown {
  if (bytes.length > maxRecordedBytes) return { bytes: bytes.length };
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
