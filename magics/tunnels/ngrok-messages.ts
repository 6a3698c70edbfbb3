import type { TunnelAccess } from "./tunnel.ts";

/** What the parent asks the agent process; `call` numbers the answer. Goes over IPC, never over argv. */
export type AgentCall = { readonly call: number } & AgentRequest;

export type AgentRequest =
  | ({ readonly type: "connect" } & ConnectSettings)
  | ({ readonly type: "bind" } & BindSettings)
  | { readonly type: "unbind"; readonly id: string };

/** Which account on which server. Undefined fields mean ngrok's own service. */
export interface ConnectSettings {
  readonly token: string;
  readonly serverAddress: string | undefined;
  readonly caPem: string | undefined;
}

export interface BindSettings {
  /** Ours, kept over restarts of the agent process. */
  readonly id: string;
  readonly port: number;
  readonly domain: string | undefined;
  readonly auth: { readonly user: string; readonly password: string } | undefined;
  readonly access: TunnelAccess | undefined;
}

export interface AgentFailure {
  /** `ERR_NGROK_107`; undefined where the service was not reached. */
  readonly code: string | undefined;
  readonly message: string;
}

/** What the agent process says: answers to calls, and events. */
export type AgentMessage =
  | { readonly type: "done"; readonly call: number; readonly url?: string }
  | { readonly type: "failed"; readonly call: number; readonly failure: AgentFailure }
  | { readonly type: "disconnected" }
  /** `isAnswered` is false when the service did not echo in time. */
  | { readonly type: "heartbeat"; readonly isAnswered: boolean }
  /** The service ended this tunnel by itself. */
  | { readonly type: "stopped"; readonly id: string; readonly reason: string };

export const heartbeatIntervalMs = 5_000;
export const heartbeatToleranceMs = 5_000;

/** How the failure of a call starts when the process died. */
export const agentGone = "the agent process ended";
