import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestListener } from "../app/server.ts";

/** Answered before the app: tells which start of which service answers here, and nothing else. */
export const markerPath = "/.well-known/colabcode";

/** A text that no other service has. */
export function makeMarker(): string {
  return `colabcode-${randomBytes(12).toString("hex")}`;
}

/** `listener`, with the marker's path answered in front of it. */
export function withMarker(marker: string, listener: RequestListener): RequestListener {
  const marked = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== markerPath) return listener(request, response);
    response.writeHead(200, { "content-type": "text/plain", "cache-control": "no-store" });
    response.end(marker);
  };
  return marked;
}
