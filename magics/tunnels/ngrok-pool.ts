import { randomUUID } from "node:crypto";
import { ColabCodeError } from "../errors.ts";
import { pause, withDeadline } from "./deadline.ts";
import { AgentCallError, NgrokAgent } from "./ngrok-agent.ts";
import { explainFailure, isTemporary } from "./ngrok-errors.ts";
import {
  type BindSettings,
  type ConnectSettings,
  heartbeatIntervalMs,
  heartbeatToleranceMs,
} from "./ngrok-messages.ts";
import { NgrokPulse, type PulseTimes } from "./ngrok-pulse.ts";
import { ngrokServer } from "./ngrok-settings.ts";
import { NgrokTunnel } from "./ngrok-tunnel.ts";
import type { TunnelState } from "./tunnel.ts";

export interface NgrokTimes extends PulseTimes {
  /** From asking for a tunnel to its URL. */
  readonly openMs: number;
  readonly unbindMs: number;
  /** The longest wait between two attempts to come back. */
  readonly retryMs: number;
}

export const ngrokTimes: NgrokTimes = {
  openMs: 10_000,
  reconnectMs: 4_000,
  settleMs: 500,
  silenceMs: 2 * heartbeatIntervalMs + heartbeatToleranceMs,
  unbindMs: 1_500,
  retryMs: 15_000,
};

/**
 * The tunnels of one account: one agent process and one session for all of them, there while at
 * least one is open or being opened. A process that lost its way is killed and replaced by one
 * that binds the same tunnels again.
 */
export class NgrokPool {
  readonly #settings: ConnectSettings;
  readonly #times: NgrokTimes;
  readonly #tunnels = new Set<NgrokTunnel>();
  #opening = 0;
  #agent: NgrokAgent | undefined;
  #connected: Promise<NgrokAgent> | undefined;
  #repairing: Promise<void> | undefined;
  #pulse: NgrokPulse | undefined;
  #idle = new AbortController();

  constructor(settings: ConnectSettings, times: NgrokTimes) {
    this.#settings = settings;
    this.#times = times;
  }

  get pids(): readonly number[] {
    return this.#agent === undefined ? [] : [this.#agent.pid];
  }

  async open(wanted: Omit<BindSettings, "id">, signal: AbortSignal): Promise<NgrokTunnel> {
    const settings = { id: randomUUID(), ...wanted };
    this.#opening++;
    try {
      const url = await withDeadline(this.#openOnce(settings), {
        signal,
        timeoutMs: this.#times.openMs,
        onTimeout: () => this.#silenceError(),
      });
      const tunnel = new NgrokTunnel(settings, url, this);
      this.#tunnels.add(tunnel);
      return tunnel;
    } catch (error) {
      // What was given up may still be on its way; the agent takes it back or is replaced.
      if (this.#tunnels.size > 0) void this.#unbind(settings.id);
      throw this.#explain(error, settings);
    } finally {
      this.#opening--;
      await this.#killIfIdle();
    }
  }

  /** Binds on a session that is up; one that was just lost is replaced once. */
  async #openOnce(settings: BindSettings): Promise<string> {
    await this.#repairing;
    const agent = await this.#connect();
    try {
      return await this.#bind(agent, settings);
    } catch (error) {
      const isLost = error instanceof AgentCallError && error.failure.code === undefined;
      if (!isLost || this.#opening === 0) throw error;
      if (agent === this.#agent) await this.#kill();
      await this.repair();
      return this.#bind(await this.#connect(), settings);
    }
  }

  /** Resolves when the URL is dead: unbound, or the process that held it killed. */
  async close(tunnel: NgrokTunnel): Promise<void> {
    if (!this.#tunnels.delete(tunnel)) return;
    if (this.#repairing === undefined) await this.#unbind(tunnel.settings.id);
    await this.#killIfIdle();
  }

  /** A session that is up, started when there is none. */
  #connect(): Promise<NgrokAgent> {
    this.#connected ??= this.#start().catch(async (error: unknown) => {
      await this.#kill();
      throw error;
    });
    return this.#connected;
  }

  async #start(): Promise<NgrokAgent> {
    this.#idle = new AbortController();
    const pulse = new NgrokPulse(this.#times, {
      onLost: () => this.#tellAll("reconnecting"),
      onLive: () => this.#tellAll("live"),
      onHopeless: () => void this.repair(),
    });
    const agent: NgrokAgent = new NgrokAgent({
      onEvent: (event) => {
        if (agent !== this.#agent) return;
        pulse.take(event);
        if (event.type === "stopped") this.#dropTunnel(event.id, event.reason);
      },
      onExit: () => {
        if (agent !== this.#agent) return;
        this.#agent = undefined;
        this.#connected = undefined;
        pulse.stop();
        void this.repair();
      },
    });
    this.#agent = agent;
    this.#pulse = pulse;
    await agent.call({ type: "connect", ...this.#settings });
    pulse.start();
    return agent;
  }

  async #bind(agent: NgrokAgent, settings: BindSettings): Promise<string> {
    const url = await agent.call({ type: "bind", ...settings });
    return (url ?? "").replace(/\/$/, "");
  }

  /** Asks the service to forget a tunnel; where that fails, the process that holds it is replaced. */
  async #unbind(id: string): Promise<void> {
    const agent = this.#agent;
    if (agent === undefined) return;
    const isGone = await withDeadline(agent.call({ type: "unbind", id }), {
      signal: undefined,
      timeoutMs: this.#times.unbindMs,
      onTimeout: () => this.#silenceError(),
    }).then(
      () => true,
      (error: unknown) => error instanceof AgentCallError && error.failure.code === "ERR_NGROK_333",
    );
    if (isGone || agent !== this.#agent) return;
    await this.#kill();
    void this.repair();
  }

  #tellAll(state: TunnelState): void {
    for (const tunnel of this.#tunnels) tunnel.become(state);
  }

  #dropTunnel(id: string, reason: string): void {
    for (const tunnel of this.#tunnels) {
      if (tunnel.settings.id !== id) continue;
      this.#tunnels.delete(tunnel);
      const message = /message: "([^"]*)"/.exec(reason)?.[1] ?? reason;
      tunnel.end({ asked: false, reason: `ngrok ended the tunnel: ${message}` });
    }
    void this.#killIfIdle();
  }

  /** Replaces the process and binds its tunnels again, until it works or only the user can help. */
  repair(): Promise<void> {
    this.#repairing ??= this.#bindUntilWhole().finally(() => {
      this.#repairing = undefined;
      return this.#killIfIdle();
    });
    return this.#repairing;
  }

  async #bindUntilWhole(): Promise<void> {
    for (let waitMs = 500; this.#tunnels.size > 0; waitMs *= 2) {
      this.#tellAll("reconnecting");
      await this.#kill();
      if (await this.#bindAllAgain()) break;
      await pause(Math.min(waitMs, this.#times.retryMs), this.#idle.signal);
    }
  }

  async #bindAllAgain(): Promise<boolean> {
    let isWhole = true;
    for (const tunnel of [...this.#tunnels]) {
      try {
        const url = await withDeadline(this.#bindAgain(tunnel), {
          signal: this.#idle.signal,
          timeoutMs: this.#times.openMs,
          onTimeout: () => this.#silenceError(),
        });
        if (this.#tunnels.has(tunnel)) tunnel.become("live", url);
        else await this.#unbind(tunnel.settings.id);
      } catch (error) {
        if (error instanceof AgentCallError && !isTemporary(error.failure)) {
          this.#tunnels.delete(tunnel);
          tunnel.end({ asked: false, reason: this.#explain(error, tunnel.settings).message });
        } else isWhole = false;
      }
      if (!isWhole) break;
    }
    return isWhole;
  }

  /** The same name as before, also one that the service chose, where the account may ask for it. */
  async #bindAgain({ settings, url }: NgrokTunnel): Promise<string> {
    const agent = await this.#connect();
    if (settings.domain !== undefined) return this.#bind(agent, settings);
    return this.#bind(agent, { ...settings, domain: new URL(url).host }).catch((error: unknown) => {
      if (error instanceof AgentCallError && !isTemporary(error.failure)) {
        return this.#bind(agent, settings);
      }
      throw error;
    });
  }

  async #killIfIdle(): Promise<void> {
    if (this.#tunnels.size > 0 || this.#opening > 0) return;
    this.#idle.abort();
    await this.#kill();
  }

  /** Nothing of the process is left when it resolves; the kernel closes its connection with it. */
  async #kill(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    this.#connected = undefined;
    this.#pulse?.stop();
    await agent?.kill();
  }

  get #server(): string {
    return this.#settings.serverAddress ?? ngrokServer;
  }

  #silenceError(): ColabCodeError {
    const seconds = Math.round(this.#times.openMs / 1000);
    const message = `ngrok's server at ${this.#server} did not answer within ${seconds} seconds.`;
    return new ColabCodeError("TUNNEL_FAILED", message, {
      hint: "Check the network; a firewall must let outgoing port 443 through.",
    });
  }

  #explain(error: unknown, settings: BindSettings): Error {
    if (!(error instanceof AgentCallError)) return error as Error; // Only our own errors get here.
    const secrets = [this.#settings.token, settings.auth?.password];
    return explainFailure(error.failure, { server: this.#server, secrets });
  }
}
