import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isHealthPath } from "./gate.ts";
import { HttpError } from "./http-error.ts";

/** Decides who may pass, and says so in the documentation. */
export interface Guard {
  /** Name of the security scheme in OpenAPI. */
  readonly name: string;
  /** OpenAPI's description of it. */
  readonly scheme: Readonly<Record<string, string>>;
  /** True where the path (within the app) needs no leave. */
  isOpen(path: string): boolean;
  /** The refusal, or undefined where the request may pass. */
  check(request: IncomingMessage): HttpError | undefined;
}

/** Pages that show what there is and where the key is typed in. */
const pagePaths = /^\/(?:$|docs(?:\/|$)|openapi\.json$)/;

/** Asks for `user:password` by HTTP Basic authentication, for all but health. */
export function basicGuard(credentials: string): Guard {
  const expected = digest(`Basic ${Buffer.from(credentials).toString("base64")}`);
  return {
    name: "basic",
    scheme: { type: "http", scheme: "basic" },
    isOpen: (path) => isHealthPath(path),
    check(request) {
      if (isSame(request.headers.authorization, expected)) return undefined;
      return new HttpError(401, "Not authenticated", {
        "www-authenticate": 'Basic realm="colabcode", charset="UTF-8"',
      });
    },
  };
}

/** Asks for a key in the X-API-Key header, for all but health and the pages. */
export function apiKeyGuard(key: string): Guard {
  const expected = digest(key);
  return {
    name: "apiKey",
    scheme: { type: "apiKey", in: "header", name: "X-API-Key" },
    isOpen: (path) => isHealthPath(path) || pagePaths.test(path),
    check(request) {
      const given = request.headers["x-api-key"];
      if (given === undefined) {
        return new HttpError(401, "Not authenticated", { "www-authenticate": "X-API-Key" });
      }
      if (isSame(String(given), expected)) return undefined;
      return new HttpError(403, "The API key is wrong");
    },
  };
}

/** Digests have one length, so comparing them tells nothing of the secret's. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function isSame(given: string | undefined, expected: Buffer): boolean {
  return given !== undefined && timingSafeEqual(digest(given), expected);
}
