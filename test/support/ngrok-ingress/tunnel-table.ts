import { randomBytes } from "node:crypto";
import type { MuxadoSession } from "./session.ts";

/** What an agent asks for when it binds, as far as the edge enforces it. */
export interface BindOptions {
  readonly Domain?: string;
  readonly BasicAuth?: {
    readonly credentials: readonly { username: string; cleartext_password: string }[];
  } | null;
  readonly IPRestriction?: {
    readonly allow_cidrs?: readonly string[];
    readonly deny_cidrs?: readonly string[];
  } | null;
  readonly OAuth?: { readonly provider: string } | null;
  readonly TrafficPolicy?: string | null;
  readonly [name: string]: unknown;
}

/** A bound URL. Lives on while its agent is away, so that the same agent gets it again. */
export interface BoundTunnel {
  readonly id: string;
  readonly token: string;
  readonly url: string;
  readonly port: number;
  readonly proto: string;
  readonly forwardsTo: string;
  options: BindOptions;
  /** Undefined while the agent is away and after the tunnel was unbound. */
  session: MuxadoSession | undefined;
}

export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString("hex")}`;
}
