import type { BindHost } from "../../magics/services/bind-host.ts";
import type { Service } from "../../magics/services/service.ts";
import type { SessionPlan } from "../../magics/sessions/session-plan.ts";
import type { SharePlan } from "../../magics/sessions/share.ts";

/** A plan for `service` on a free port, local unless `share` says otherwise. */
export function sessionPlan(
  service: Service,
  {
    port = 0,
    host = "127.0.0.1",
    share = {},
  }: {
    readonly port?: number;
    readonly host?: BindHost;
    readonly share?: Partial<SharePlan>;
  } = {},
): SessionPlan {
  return {
    kind: "app",
    service,
    port,
    host,
    share: {
      wanted: "none",
      provider: undefined,
      token: undefined,
      askToken: undefined,
      domain: undefined,
      auth: undefined,
      access: undefined,
      isProbed: true,
      isPublicByIntent: false,
      environment: {},
      ...share,
    },
    ttlMs: undefined,
    idleMs: undefined,
    endsWith: "the test",
  };
}
