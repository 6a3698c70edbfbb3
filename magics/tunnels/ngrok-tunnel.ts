import type { End } from "../services/service.ts";
import type { BindSettings } from "./ngrok-messages.ts";
import type { Tunnel, TunnelState } from "./tunnel.ts";

/** Who holds the agent of a tunnel. */
export interface NgrokTunnelOwner {
  readonly pids: readonly number[];
  close(tunnel: NgrokTunnel): Promise<void>;
  repair(): Promise<void>;
}

/** One URL that the shared agent holds. */
export class NgrokTunnel implements Tunnel {
  readonly provider = "ngrok";
  readonly settings: BindSettings;
  readonly ended: Promise<End>;
  readonly #owner: NgrokTunnelOwner;
  readonly #listeners: ((state: TunnelState, url: string) => void)[] = [];
  #url: string;
  #state: TunnelState = "live";
  #closing: Promise<void> | undefined;
  #resolveEnded: (end: End) => void = () => {};

  constructor(settings: BindSettings, url: string, owner: NgrokTunnelOwner) {
    this.settings = settings;
    this.#url = url;
    this.#owner = owner;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get url(): string {
    return this.#url;
  }

  get pids(): readonly number[] {
    return this.#owner.pids;
  }

  onState(listener: (state: TunnelState, url: string) => void): void {
    this.#listeners.push(listener);
  }

  /** After a reconnect of its own the agent does not hear that the service stopped a tunnel. */
  repair(): void {
    void this.#owner.repair();
  }

  /** For the pool: says what became of the tunnel, to those who listen, if it is news. */
  become(state: TunnelState, url = this.#url): void {
    if (state === this.#state && url === this.#url) return;
    this.#state = state;
    this.#url = url;
    for (const listener of this.#listeners) listener(state, url);
  }

  /** For the pool: the tunnel is gone. */
  end(end: End): void {
    this.#resolveEnded(end);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#owner
      .close(this)
      .finally(() => this.end({ asked: true, reason: "the tunnel was closed" }));
    return this.#closing;
  }
}
