import type { TunnelProvider, TunnelRequest } from "../../magics/tunnels/tunnel.ts";

/**
 * A program that opens one tunnel, tells its parent the URL and pids, and holds it for ever: its
 * parent kills it to see what stays behind.
 */
process.on("message", (job: { module: string; request: TunnelRequest }) => void hold(job));
process.on("disconnect", () => process.exit());

async function hold(job: { module: string; request: TunnelRequest }): Promise<void> {
  // The test names a module of this shape.
  const { makeProvider } = (await import(job.module)) as { makeProvider: () => TunnelProvider };
  const tunnel = await makeProvider().open(job.request, new AbortController().signal);
  const { url, pids, probeHeaders } = tunnel;
  process.send?.({ url, pids, probeHeaders });
}
