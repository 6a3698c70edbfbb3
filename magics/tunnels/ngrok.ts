import { NgrokPool, type NgrokTimes, ngrokTimes } from "./ngrok-pool.ts";
import { bindSettings, connectSettings } from "./ngrok-settings.ts";
import { forgetToken } from "./token.ts";
import type { TunnelProvider } from "./tunnel.ts";

const pools = new Map<string, NgrokPool>();

/**
 * ngrok over its native agent, which lives in a process of its own: it can hang for ever and drops
 * its session under load, and from outside it can be bounded, replaced and killed.
 */
export function ngrokProvider(times: Partial<NgrokTimes> = {}): TunnelProvider {
  return {
    name: "ngrok",
    isAvailable: (_environment, token) => token !== undefined && token.trim() !== "",
    async open(request, signal) {
      const bind = bindSettings(request);
      const connect = await connectSettings(request);
      const key = JSON.stringify([connect, times]);
      const pool = pools.get(key) ?? new NgrokPool(connect, { ...ngrokTimes, ...times });
      pools.set(key, pool);
      return pool.open(bind, signal).catch((error: unknown) => {
        // A token that was typed wrongly is asked for again.
        if (error instanceof Error && /ERR_NGROK_10[57]/.test(error.message)) forgetToken();
        throw error;
      });
    },
  };
}
