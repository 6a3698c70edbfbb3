import { concurrencyGate } from "./concurrency.ts";
import { corsGate } from "./cors.ts";
import type { Gate } from "./gate.ts";
import { RateLimiter, rateGate, type TakeRequest } from "./rate-limit.ts";

/** What any app can be kept to, whatever it is. */
export interface GateSettings {
  /** Origins whose pages may call: `*`, or a list with commas. */
  readonly cors?: string | undefined;
  /** Requests a client may make in a minute; more get 429. */
  readonly ratePerMinute?: number | undefined;
  /** Requests that may be under way; more get 503. */
  readonly maxConcurrency?: number | undefined;
}

/**
 * Makes the gates in the order in which a request passes them: who is refused is still told
 * whether it may read why. `takeRequest` counts where several processes share a limit.
 */
export function makeGates(settings: GateSettings, takeRequest?: TakeRequest): Gate[] {
  const { cors, ratePerMinute, maxConcurrency } = settings;
  const gates: Gate[] = [];
  if (cors !== undefined) gates.push(corsGate(cors));
  if (ratePerMinute !== undefined) {
    const limiter = new RateLimiter(ratePerMinute);
    gates.push(rateGate(takeRequest ?? ((client) => limiter.take(client))));
  }
  if (maxConcurrency !== undefined) gates.push(concurrencyGate(maxConcurrency));
  return gates;
}
