import type { BindHost } from "../services/bind-host.ts";
import type { Service } from "../services/service.ts";
import type { SharePlan } from "./share.ts";

/** What a session is made of, as a command line or a call describes it. */
export interface SessionPlan {
  readonly kind: string;
  readonly service: Service;
  /** 0 for a free port. */
  readonly port: number;
  /** 127.0.0.1 unless others on the network may come in. */
  readonly host: BindHost;
  readonly share: SharePlan;
  readonly ttlMs: number | undefined;
  readonly idleMs: number | undefined;
  /** What ends it, in words, for the card. */
  readonly endsWith: string;
}
