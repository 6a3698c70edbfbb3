/** Ends a session after its time to live, or when nobody has asked it for its idle time. */
export class LifeLimits {
  readonly #requests: () => number | undefined;
  readonly #end: (reason: string) => void;
  #timers: NodeJS.Timeout[] = [];

  /** `requests` counts those so far; undefined where nobody counts. */
  constructor(requests: () => number | undefined, end: (reason: string) => void) {
    this.#requests = requests;
    this.#end = end;
  }

  /** From now on these limits are in force, and no earlier ones. */
  start(limits: { readonly ttlMs: number | undefined; readonly idleMs: number | undefined }): void {
    this.stop();
    const { ttlMs, idleMs } = limits;
    if (ttlMs !== undefined) {
      const timer = setTimeout(() => this.#end(`its ${words(ttlMs)} are over (--ttl)`), ttlMs);
      this.#timers.push(timer.unref());
    }
    if (idleMs !== undefined) this.#watchIdle(idleMs);
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
  }

  #watchIdle(idleMs: number): void {
    let seen = this.#requests() ?? 0;
    let since = Date.now();
    const timer = setInterval(
      () => {
        const requests = this.#requests() ?? seen;
        if (requests !== seen) [seen, since] = [requests, Date.now()];
        else if (Date.now() - since >= idleMs) {
          this.#end(`nobody asked for ${words(idleMs)} (--idle)`);
        }
      },
      Math.min(1000, Math.max(20, idleMs / 4)),
    );
    this.#timers.push(timer.unref());
  }
}

function words(durationMs: number): string {
  if (durationMs < 60_000) return `${Number((durationMs / 1000).toPrecision(3))} s`;
  if (durationMs < 3_600_000) return `${Number((durationMs / 60_000).toPrecision(3))} min`;
  return `${Number((durationMs / 3_600_000).toPrecision(3))} h`;
}
