import { fileURLToPath } from "node:url";
import { commandProvider } from "../../magics/tunnels/command-tunnel.ts";
import type { TunnelProvider } from "../../magics/tunnels/tunnel.ts";

const program = fileURLToPath(new URL("./tunnel-program.js", import.meta.url));

/** A command that is slow to say its URL and ignores SIGTERM. */
export function makeProvider(): TunnelProvider {
  return commandProvider(`${process.execPath} ${program} {port}`, {
    openMs: 8_000,
    retryMs: 100,
    attempts: 3,
  });
}
