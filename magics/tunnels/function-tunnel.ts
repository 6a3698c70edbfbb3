import { ColabCodeError } from "../errors.ts";
import type { End } from "../services/service.ts";
import { interrupted, withDeadline } from "./deadline.ts";
import { refuseAccessRules } from "./refuse-access-rules.ts";
import type { TunnelProvider } from "./tunnel.ts";

/** The user's own way: makes `port` public and gives the URL; ends it when `signal` aborts. */
export type TunnelFunction = (port: number, signal: AbortSignal) => Promise<string> | string;

/** A provider over a function of the user's. */
export function functionProvider(
  open: TunnelFunction,
  { timeoutMs = 30_000 }: { timeoutMs?: number } = {},
): TunnelProvider {
  return {
    name: "function",
    isAvailable: () => true,
    async open(request, signal) {
      refuseAccessRules(request, "a function");
      if (signal.aborted) throw interrupted();
      const ending = new AbortController();
      let resolveEnded: (end: End) => void = () => {};
      const ended = new Promise<End>((resolve) => {
        resolveEnded = resolve;
      });
      try {
        const work = Promise.resolve(open(request.port, ending.signal));
        const url = await withDeadline(work, {
          signal,
          timeoutMs,
          onTimeout: () => failed(`gave no URL within ${Math.round(timeoutMs / 1000)} seconds`),
        });
        return {
          provider: "function",
          url: checkUrl(url),
          onState() {},
          ended,
          pids: [],
          async [Symbol.asyncDispose]() {
            ending.abort();
            resolveEnded({ asked: true, reason: "the tunnel was closed" });
          },
        };
      } catch (error) {
        ending.abort();
        if (error instanceof ColabCodeError) throw error;
        throw failed(`failed: ${error instanceof Error ? error.message : String(error)}`, error);
      }
    },
  };
}

function checkUrl(url: unknown): string {
  if (typeof url === "string" && URL.canParse(url) && /^https?:/.test(url)) {
    return url.replace(/\/$/, "");
  }
  throw failed(`gave ${JSON.stringify(url)}, which is not a URL`);
}

function failed(what: string, cause?: unknown): ColabCodeError {
  return new ColabCodeError("TUNNEL_FAILED", `The tunnel function ${what}.`, {
    hint: "It is called with (port, signal) and gives the public URL, e.g. https://my.example.",
    cause,
  });
}
