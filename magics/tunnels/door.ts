import type { Sight } from "./probe.ts";
import type { TunnelAccess } from "./tunnel.ts";

/**
 * What the service behind the URL does with visitors before the app sees them: it asks for a
 * `login`, or it has `rules` that may let a probe in.
 */
export type Door = "login" | "rules";

export function doorOf(access: TunnelAccess | undefined): Door | undefined {
  if (access === undefined) return undefined;
  return access.oauth === undefined ? "rules" : "login";
}

/** True where the door itself answered the probe; a tunnel that is not there is no door. */
export function isTurnedAway({ status, code }: Sight): boolean {
  return status >= 300 && status < 500 && code !== "ERR_NGROK_3200";
}

/** True where the link works as far as a probe can see. */
export function isAsExpected(sight: Sight, door: Door | undefined): boolean {
  if (door === "login") return isTurnedAway(sight);
  return sight.isOurs || (door === "rules" && isTurnedAway(sight));
}
