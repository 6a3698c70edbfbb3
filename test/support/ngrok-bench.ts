import { ngrokProvider } from "../../magics/tunnels/ngrok.ts";
import type { TunnelProvider } from "../../magics/tunnels/tunnel.ts";
import type { TunnelBench } from "../contracts/tunnel-bench.ts";
import { type Ingress, type IngressOptions, startIngress } from "./ngrok-ingress.ts";

export interface NgrokBench extends TunnelBench {
  readonly ingress: Ingress;
}

/** Waits short enough for tests; how they are used is the same. */
export function makeProvider(): TunnelProvider {
  return ngrokProvider({ reconnectMs: 1_000, settleMs: 100, openMs: 3_000, retryMs: 500 });
}

/** The real agent against an ingress of its own. */
export async function startNgrokBench(options: IngressOptions = {}): Promise<NgrokBench> {
  const ingress = await startIngress(options);
  return {
    ingress,
    provider: makeProvider(),
    module: new URL(import.meta.url),
    request: (port) => ({
      port,
      token: ingress.environment.NGROK_AUTHTOKEN,
      domain: undefined,
      auth: undefined,
      environment: ingress.environment,
    }),
    descriptors: () => ingress.descriptors,
    [Symbol.asyncDispose]: () => ingress[Symbol.asyncDispose](),
  };
}
