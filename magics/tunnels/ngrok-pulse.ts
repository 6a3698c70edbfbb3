import type { AgentEvent } from "./ngrok-agent.ts";

export interface PulseTimes {
  /** How long the agent may try by itself: its waits are 50 ms, 2.5 s, then minutes. */
  readonly reconnectMs: number;
  /** How long after a reconnect no new loss must come before it counts. */
  readonly settleMs: number;
  /** A process that says nothing for so long hangs. */
  readonly silenceMs: number;
}

export interface PulseListeners {
  onLost(): void;
  onLive(): void;
  /** Only another process can help: the agent hangs, stalls or waits too long. */
  onHopeless(): void;
}

/** Tells from what an agent process says, and from its silence, whether its session lives. */
export class NgrokPulse {
  readonly #times: PulseTimes;
  readonly #listeners: PulseListeners;
  #patience: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;

  constructor(times: PulseTimes, listeners: PulseListeners) {
    this.#times = times;
    this.#listeners = listeners;
  }

  /** The session is up: from now on silence counts. */
  start(): void {
    this.#hear();
  }

  take(event: AgentEvent): void {
    this.#hear();
    if (event.type === "disconnected") this.#lose();
    else if (event.type === "heartbeat") {
      if (event.isAnswered) this.#regain();
      else this.#listeners.onHopeless(); // The agent itself never acts on a missed heartbeat.
    }
  }

  stop(): void {
    clearTimeout(this.#silence);
    this.#calm();
  }

  #hear(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#listeners.onHopeless(), this.#times.silenceMs);
    this.#silence.unref();
  }

  #lose(): void {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    this.#patience ??= setTimeout(() => this.#listeners.onHopeless(), this.#times.reconnectMs);
    this.#listeners.onLost();
  }

  /** An echo after a loss: live again, if the session also gets through its authentication. */
  #regain(): void {
    if (this.#patience === undefined || this.#settling !== undefined) return;
    this.#settling = setTimeout(() => {
      this.#calm();
      this.#listeners.onLive();
    }, this.#times.settleMs);
  }

  #calm(): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#settling);
    this.#patience = undefined;
    this.#settling = undefined;
  }
}
