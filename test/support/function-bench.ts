import { functionProvider } from "../../magics/tunnels/function-tunnel.ts";
import type { TunnelProvider } from "../../magics/tunnels/tunnel.ts";
import { forwardPort } from "./port-forwarder.ts";

/** The user's function, which forwards within this process. */
export function makeProvider(): TunnelProvider {
  return functionProvider(forwardPort);
}
