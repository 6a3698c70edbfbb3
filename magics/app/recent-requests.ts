import type { IncomingMessage, ServerResponse } from "node:http";
import type { RecentRequest } from "../services/service.ts";

const keptRequests = 20;

/** The last requests that were answered, oldest first. Their queries are left out: they may hold secrets. */
export class RecentRequests {
  readonly #kept: RecentRequest[] = [];
  /** Where the next one goes: in the place of the oldest. */
  #next = 0;

  add(request: IncomingMessage, response: ServerResponse, durationMs: number): void {
    // Express changes `url` where an app is mounted.
    const { method = "", url = "", originalUrl = url } = request as MountedRequest;
    const end = originalUrl.indexOf("?");
    const path = end < 0 ? originalUrl : originalUrl.slice(0, end);
    const status = response.statusCode;
    this.#kept[this.#next] = { at: Date.now(), method, path, status, durationMs };
    this.#next = (this.#next + 1) % keptRequests;
  }

  list(): readonly RecentRequest[] {
    return [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)];
  }
}

interface MountedRequest extends IncomingMessage {
  readonly originalUrl?: string;
}
