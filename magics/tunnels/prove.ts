import { ColabCodeError } from "../errors.ts";
import { interrupted, pause } from "./deadline.ts";
import { type Door, isAsExpected } from "./door.ts";
import { type ProbeOptions, probe, type Sight } from "./probe.ts";

export interface ProveOptions extends ProbeOptions {
  /** Limit for all attempts together; default 15 s. */
  readonly deadlineMs?: number;
  /** Where the link lets not everybody in: a probe that is turned away has seen enough. */
  readonly door?: Door | undefined;
}

/**
 * Resolves with what was seen when a request through `url` got a 200 from our own service; with
 * `auth`, only after one without the password got 401, with a login as door, only when it was
 * turned away. Tries again while names and doors settle; rejects with TUNNEL_UNPROVEN that says
 * what was seen last.
 */
export async function proveUrl(url: string, options: ProveOptions = {}): Promise<Sight> {
  const { deadlineMs = 15_000, auth, door, signal } = options;
  const until = Date.now() + deadlineMs;
  if (auth !== undefined) {
    const sight = await tryUntil(
      url,
      { ...options, auth: undefined },
      { until, accept: isRefused },
    );
    if (!isRefused(sight)) throw unproven(describeOpenDoor(sight, url));
  }
  const accept = (sight: Sight) => isAsExpected(sight, door);
  const sight = await tryUntil(url, options, { until, accept });
  if (signal?.aborted) throw interrupted();
  if (accept(sight)) return sight;
  if (door === "login" && sight.isOurs) throw unproven(`${url} does not ask for a login.`);
  throw unproven(`The link was opened but does not lead to the service: ${sight.saw}.`);
}

function isRefused({ status }: Sight): boolean {
  return status === 401;
}

function describeOpenDoor(sight: Sight, url: string): string {
  return sight.isOurs
    ? `${url} does not ask for the password.`
    : `The link was opened but is not protected as asked: ${sight.saw}.`;
}

async function tryUntil(
  url: string,
  options: ProbeOptions,
  { until, accept }: { until: number; accept: (sight: Sight) => boolean },
): Promise<Sight> {
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1_000)) {
    const leftMs = until - Date.now();
    const timeoutMs = Math.min(options.timeoutMs ?? 5_000, Math.max(leftMs, 1));
    const sight = await probe(url, { ...options, timeoutMs });
    if (options.signal?.aborted) throw interrupted();
    // An open door where a password was asked for will not close by waiting.
    if (accept(sight) || sight.isOurs || Date.now() + waitMs >= until) return sight;
    await pause(waitMs, options.signal);
  }
}

function unproven(message: string): ColabCodeError {
  return new ColabCodeError("TUNNEL_UNPROVEN", message, {
    hint: "The local link works; run the cell again to try another tunnel.",
  });
}
