import type { RunningService } from "../services/service.ts";

/** Resolves once the service answered on its own port; rejects within ten seconds if it does not. */
export async function proveLocally(service: RunningService, signal: AbortSignal): Promise<void> {
  const { proveUrl } = await import("../tunnels/prove.ts");
  await proveUrl(service.url, {
    path: service.probePath,
    marker: service.marker,
    signal,
    deadlineMs: 10_000,
  });
}
