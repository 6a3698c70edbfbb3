import { ColabCodeError } from "../errors.ts";
import type { RunningService } from "../services/service.ts";
import type { Tunnel } from "../tunnels/tunnel.ts";
import type { SharePlan } from "./share.ts";

/** Resolves with what is worth saying of the link; rejects where it does not lead to the service as planned. */
export async function proveShare(
  service: RunningService,
  plan: SharePlan,
  tunnel: Tunnel,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [{ proveUrl }, { doorOf, isTurnedAway }] = await Promise.all([
    import("../tunnels/prove.ts"),
    import("../tunnels/door.ts"),
  ]);
  const seen = await proveUrl(tunnel.url, {
    headers: tunnel.probeHeaders,
    path: service.probePath,
    marker: service.marker,
    door: doorOf(plan.access),
    signal,
    deadlineMs: 10_000,
  });
  if (isTurnedAway(seen)) {
    return [`The link turns away whom its rules do not let in: this machine got ${seen.status}.`];
  }
  if (plan.auth === undefined) return [];
  // The marker is answered before the password is asked for, so that the door is tried by itself.
  const { probe } = await import("../tunnels/probe.ts");
  const { status, saw } = await probe(tunnel.url, { headers: tunnel.probeHeaders, signal });
  if (status === 401) return [];
  const message = `The link does not ask for the password: a request without it ${saw}.`;
  throw new ColabCodeError("TUNNEL_UNPROVEN", message);
}
