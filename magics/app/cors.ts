import { ColabCodeError } from "../errors.ts";
import type { Gate } from "./gate.ts";

/** Seconds for which a browser may keep the answer to a preflight. */
const keptSeconds = "600";

/**
 * Lets web pages of other origins call: `*` for all of them, or a list with commas such as
 * `https://a.example,https://b.example`. Throws USAGE for what is neither.
 */
export function corsGate(origins: string): Gate {
  const allowed = parseOrigins(origins);
  return (request, response, next) => {
    const { origin } = request.headers;
    if (allowed !== undefined) response.setHeader("vary", "Origin");
    if (origin === undefined || (allowed !== undefined && !allowed.has(origin))) return next();
    response.setHeader("access-control-allow-origin", allowed === undefined ? "*" : origin);
    // Browsers send passwords to named origins only.
    if (allowed !== undefined) response.setHeader("access-control-allow-credentials", "true");
    const method = request.headers["access-control-request-method"];
    if (request.method !== "OPTIONS" || method === undefined) {
      response.setHeader("access-control-expose-headers", "Retry-After, WWW-Authenticate");
      return next();
    }
    const headers = request.headers["access-control-request-headers"];
    response.writeHead(204, {
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
      ...(headers === undefined ? {} : { "access-control-allow-headers": headers }),
      "access-control-max-age": keptSeconds,
    });
    response.end();
  };
}

/** The origins of a list with commas; undefined for `*`. Throws USAGE that names the wrong one. */
export function parseOrigins(text: string): ReadonlySet<string> | undefined {
  const origins = text.split(",").map((origin) => origin.trim().replace(/\/$/, ""));
  if (origins.includes("*")) return undefined;
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    throw new ColabCodeError("USAGE", `--cors "${origin}" is not an origin.`, {
      hint: "Write https://a.example, several with commas, or * for every page.",
    });
  }
  return new Set(origins);
}
