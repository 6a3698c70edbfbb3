import { ngrokProvider } from "../../magics/tunnels/ngrok.ts";
import type { NgrokTimes } from "../../magics/tunnels/ngrok-pool.ts";
import type { TunnelProvider } from "../../magics/tunnels/tunnel.ts";
import type { TunnelBench } from "../contracts/tunnel-bench.ts";
import { type Ingress, type IngressOptions, startIngress } from "./ngrok-ingress.ts";

export interface NgrokBench extends TunnelBench {
  readonly ingress: Ingress;
}

/** Waits short enough for tests, long enough for a busy machine; how they are used is the same. */
export function makeProvider(times: Partial<NgrokTimes> = {}): TunnelProvider {
  return ngrokProvider({ settleMs: 100, retryMs: 300, ...times });
}

/** The real agent against an ingress of its own. */
export async function startNgrokBench(
  options: IngressOptions & { readonly times?: Partial<NgrokTimes> } = {},
): Promise<NgrokBench> {
  const ingress = await startIngress(options);
  return {
    ingress,
    provider: makeProvider(options.times),
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
