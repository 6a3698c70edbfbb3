import type { IncomingMessage } from "node:http";
import { type Gate, isHealthPath, pathOf } from "./gate.ts";
import { HttpError } from "./http-error.ts";
import { sendError } from "./reply.ts";

/** Takes one request of `client` from its share: 0 where it may pass, else the seconds to wait. */
export type TakeRequest = (client: string) => number | Promise<number>;

interface Bucket {
  left: number;
  at: number;
}

/** More clients than these are not remembered: those that have not asked for longest are let go. */
const maxClients = 20_000;

/** Counts each client's requests: `perMinute` at once, then as many evenly over each minute. */
export class RateLimiter {
  readonly #perMinute: number;
  readonly #now: () => number;
  /** In the order of their last request. */
  readonly #buckets = new Map<string, Bucket>();

  /** `now` gives milliseconds that only grow. */
  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** 0 where this request of `client` may pass, else the seconds after which the next one may. */
  take(client: string): number {
    const now = this.#now();
    const bucket = this.#buckets.get(client) ?? { left: this.#perMinute, at: now };
    const refilled = bucket.left + ((now - bucket.at) / 60_000) * this.#perMinute;
    bucket.left = Math.min(this.#perMinute, refilled);
    bucket.at = now;
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    if (this.#buckets.size > maxClients) this.#forgetOldest();
    if (bucket.left < 1) return Math.ceil(((1 - bucket.left) / this.#perMinute) * 60);
    bucket.left -= 1;
    return 0;
  }

  #forgetOldest(): void {
    for (const client of this.#buckets.keys()) {
      this.#buckets.delete(client);
      return;
    }
  }
}

/** Refuses clients that ask too often with 429, which says when to come again. */
export function rateGate(take: TakeRequest): Gate {
  return (request, response, next) => {
    if (isHealthPath(pathOf(request))) return next();
    const decide = (seconds: number) => {
      if (seconds === 0) return next();
      const headers = { "retry-after": String(seconds) };
      sendError(request, response, new HttpError(429, "Too many requests", headers));
    };
    const seconds = take(clientOf(request));
    if (typeof seconds === "number") decide(seconds);
    // Where nobody can count, nobody is refused.
    else seconds.then(decide, () => next());
  };
}

/** Who asks. Behind a tunnel it is whom the nearest proxy names: what stands before may be invented. */
export function clientOf(request: IncomingMessage): string {
  const forwarded = request.headers["x-forwarded-for"];
  const last = String(forwarded ?? "")
    .split(",")
    .at(-1)
    ?.trim();
  return last === undefined || last === "" ? (request.socket.remoteAddress ?? "") : last;
}
