import type { End } from "../services/service.ts";

export interface TunnelRequest {
  /** Local port on 127.0.0.1. */
  readonly port: number;
  readonly token: string | undefined;
  readonly domain: string | undefined;
  /** `user:password` that visitors must give. */
  readonly auth: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Who may come in, enforced by the service behind the URL; providers that cannot reject it. */
  readonly access?: TunnelAccess | undefined;
}

export interface TunnelAccess {
  /** Visitors log in with this provider ("google", "github", …); all who can where both lists are empty. */
  readonly oauth?: {
    readonly provider: string;
    readonly emails?: readonly string[];
    readonly domains?: readonly string[];
  };
  /** Networks that may come in, e.g. `203.0.113.0/24`. */
  readonly allowCidrs?: readonly string[];
  readonly denyCidrs?: readonly string[];
  /** Text of a traffic policy (JSON or YAML). */
  readonly trafficPolicy?: string;
}

export type TunnelState = "live" | "reconnecting";

/** An open way from a public URL to a local port. */
export interface Tunnel extends AsyncDisposable {
  readonly provider: string;
  /** `https://…` without a slash at the end. */
  readonly url: string;
  /** Called with every change after `open`; the URL may change with providers that give a new one. */
  onState(listener: (state: TunnelState, url: string) => void): void;
  /** For whoever sees that the link does not lead to the service any more: the tunnel is opened anew behind `url`. */
  repair?(): void;
  /** Never rejects. */
  readonly ended: Promise<End>;
  /** Headers with which a probe gets through where visitors must have logged in; secret. */
  readonly probeHeaders?: Readonly<Record<string, string>>;
  /** Path on the notebook's own host where only its users get in; a page there links to it without a host. */
  readonly pagePath?: string;
  /** Pids of helper processes, for `status` and tests. */
  readonly pids: readonly number[];
}

/** A way to make a local port public. `open` resolves with a bound URL or rejects within its deadline, leaving nothing behind. */
export interface TunnelProvider {
  readonly name: string;
  /** True when `auto` may take it: what it needs is at hand. */
  isAvailable(
    environment: Readonly<Record<string, string | undefined>>,
    token: string | undefined,
  ): boolean;
  open(request: TunnelRequest, signal: AbortSignal): Promise<Tunnel>;
}
