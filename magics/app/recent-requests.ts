import type { IncomingMessage, ServerResponse } from "node:http";
import type { RecentRequest } from "../services/service.ts";

const keptRequests = 20;

/** The last requests that were answered, oldest first. Their queries are left out: they may hold secrets. */
export class RecentRequests {
  readonly #kept: RecentRequest[] = [];

  add(request: IncomingMessage, response: ServerResponse, durationMs: number): void {
    const { method = "", url = "" } = request;
    // Express changes `url` where an app is mounted.
    const original = "originalUrl" in request ? String(request.originalUrl) : url;
    const end = original.indexOf("?");
    const path = end < 0 ? original : original.slice(0, end);
    this.#kept.push({ at: Date.now(), method, path, status: response.statusCode, durationMs });
    if (this.#kept.length > keptRequests) this.#kept.shift();
  }

  list(): readonly RecentRequest[] {
    return this.#kept;
  }
}
