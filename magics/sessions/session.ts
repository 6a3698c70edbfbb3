import { ColabCodeError } from "../errors.ts";
import type { End, RunningService, Service } from "../services/service.ts";
import { composeView } from "./compose-view.ts";
import { LifeLimits } from "./life-limits.ts";
import { LinkNews } from "./link-news.ts";
import { isProxied } from "./place.ts";
import { requireProtection } from "./protection.ts";
import { proveLocally } from "./prove-locally.ts";
import type { SessionPlan } from "./session-plan.ts";
import type { SessionState, SessionView } from "./session-view.ts";
import { type Share, share } from "./share.ts";

/**
 * A service with an optional tunnel. `start` resolves when a request through the link that will
 * be shown got its 200; when `end` resolves, its processes have exited and its port is free.
 */
export class Session implements AsyncDisposable {
  readonly name: string;
  readonly startedAt = new Date();
  /** Never rejects. */
  readonly ended: Promise<End>;

  #plan: SessionPlan;
  #service: RunningService | undefined;
  #share: Share | undefined;
  #state: SessionState = "starting";
  #progress: SessionView["progress"];
  #liveAt: Date | undefined;
  #endedAt: Date | undefined;
  #end: End | undefined;
  #ending: Promise<void> | undefined;
  #restarting: Promise<void> | undefined;
  readonly #endNotes: string[] = [];
  readonly #linkNews = new LinkNews();
  readonly #limits: LifeLimits;
  readonly #listeners = new Set<() => void>();
  #resolveEnded: (end: End) => void = () => {};

  constructor(name: string, plan: SessionPlan) {
    this.name = name;
    this.#plan = plan;
    this.#limits = new LifeLimits(
      () => this.#service?.stats()?.requests,
      (reason) => void this.end(reason),
    );
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  get port(): number | undefined {
    return this.#service?.port;
  }

  get kind(): string {
    return this.#plan.kind;
  }

  /** A listener for every change of `view()`; returns how to take it off. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  view(): SessionView {
    const isOver = this.#state === "ended";
    return composeView({
      name: this.name,
      plan: this.#plan,
      state: this.#state,
      startedAt: this.startedAt,
      liveAt: this.#liveAt,
      endedAt: this.#endedAt,
      end: this.#end,
      service: this.#service,
      share: this.#share,
      progress: this.#progress,
      notes: isOver
        ? this.#endNotes
        : [...this.#linkNews.sentences(), ...(this.#share?.notes ?? [])],
    });
  }

  /** Brings it up; rejects with everything taken down again. Throws the tunnel's failure only where the tunnel was asked for by name, with the service still up. */
  async start(signal: AbortSignal): Promise<void> {
    try {
      const service = await this.#plan.service.start(this.#plan.port, this.#context(signal));
      this.#adopt(service);
      requireProtection(service, this.#plan);
      this.#say("checking that it answers");
      await proveLocally(service, signal);
      this.#say(undefined);
      await this.#openShare(signal);
    } catch (error) {
      await this.end(signal.aborted ? "interrupted while it started" : "it did not start");
      throw error;
    }
    this.#becomeLive();
    this.#limits.start(this.#plan);
    if (this.#share?.failure !== undefined) throw this.#share.failure;
  }

  /**
   * Puts another plan in its place: the new service is swapped in where its kind can do that, else
   * the old one ends first. Port, tunnel and URL stay while their options are the same. When
   * the swap fails the old service goes on answering.
   */
  async restart(plan: SessionPlan, signal: AbortSignal): Promise<void> {
    const previous = this.#restarting;
    const work = (async () => {
      await previous?.catch(() => {}); // Its own caller was told.
      await this.#restart(plan, signal);
    })();
    this.#restarting = work;
    await work;
  }

  /** Ends the service and starts it anew as it was planned, on its port and behind its link. */
  async startAgain(): Promise<void> {
    const { service, ...rest } = this.#plan;
    const plain: Service = {
      kind: service.kind,
      start: (port, context) => service.start(port, context),
    };
    // Without `replace` a restart ends the old one; what comes after it may be replaced again.
    await this.restart({ ...rest, service: plain }, new AbortController().signal);
    this.#plan = { ...this.#plan, service };
  }

  async #restart(plan: SessionPlan, signal: AbortSignal): Promise<void> {
    const running = this.#service;
    if (running === undefined || this.#ending !== undefined) {
      throw new ColabCodeError("NO_SUCH_SESSION", `The session ${this.name} has ended.`);
    }
    const isInPlace = plan.host === this.#plan.host && plan.service.canReplace?.(running) === true;
    if (isInPlace && plan.service.replace !== undefined) {
      const replaced = await plan.service.replace(running, this.#context(signal));
      this.#plan = plan;
      if (replaced !== running) this.#adopt(replaced);
    } else {
      const port = plan.port === 0 ? running.port : plan.port;
      this.#plan = plan;
      this.#service = undefined;
      this.#state = "starting";
      await running[Symbol.asyncDispose]();
      try {
        const service = await plan.service.start(port, this.#context(signal));
        this.#adopt(service);
        requireProtection(service, plan);
        await proveLocally(service, signal);
      } catch (error) {
        await this.end(
          signal.aborted ? "interrupted while it restarted" : "it did not start again",
        );
        throw error;
      }
    }
    this.#say(undefined);
    if (this.#share?.fits(plan.share) !== true) {
      await this.#share?.[Symbol.asyncDispose]();
      this.#share = undefined;
      await this.#openShare(signal);
    }
    this.#becomeLive();
    this.#limits.start(this.#plan);
    if (this.#share?.failure !== undefined) throw this.#share.failure;
  }

  /** Ends tunnel and service; safe to call twice, and while it starts. */
  end(reason: string): Promise<void> {
    this.#ending ??= this.#finish({ asked: true, reason });
    return this.#ending;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end("it was closed");
  }

  async #finish(end: End): Promise<void> {
    this.#limits.stop();
    const [service, tunnel] = [this.#service, this.#share];
    const results = await Promise.allSettled([
      tunnel?.[Symbol.asyncDispose](),
      service?.[Symbol.asyncDispose](),
    ]);
    for (const result of results) {
      if (result.status === "rejected") this.#endNotes.push(String(result.reason));
    }
    this.#state = "ended";
    this.#progress = undefined;
    this.#end = end;
    this.#endedAt = new Date();
    this.#changed();
    this.#resolveEnded(end);
  }

  async #openShare(signal: AbortSignal): Promise<void> {
    const service = this.#service;
    if (service === undefined) return;
    service.allowHosts?.(undefined);
    this.#share = await share(service, this.#plan.share, {
      signal,
      onProgress: (text) => this.#say(text),
      onState: (state) => {
        if (this.#ending !== undefined || this.#state === "starting") return;
        this.#state = state;
        this.#linkNews.see(this.#share?.url);
        this.#changed();
      },
      onEnd: (tunnelEnd) => this.#tunnelEnded(tunnelEnd),
    });
    this.#linkNews.see(this.#share?.url);
    this.#say(undefined);
  }

  #tunnelEnded(end: End): void {
    if (this.#ending !== undefined) return;
    if (this.#state === "reconnecting") this.#state = "live";
    this.#linkNews.lose(end.reason);
    this.#changed();
  }

  #adopt(service: RunningService): void {
    this.#service = service;
    void service.ended.then((end) => {
      if (this.#service === service && this.#ending === undefined && !end.asked) {
        this.#ending = this.#finish(end);
      }
    });
  }

  #becomeLive(): void {
    if (this.#ending !== undefined) {
      const reason = this.#end?.reason ?? "it ended while it started";
      throw new ColabCodeError("SERVICE_DIED", `The session ${this.name} ended: ${reason}.`);
    }
    this.#service?.allowHosts?.(this.#hosts());
    this.#state = "live";
    this.#liveAt ??= new Date();
    this.#linkNews.forgetLoss();
    this.#changed();
  }

  /** Names the service answers for: all where a link or a place's own proxy leads to it. */
  #hosts(): readonly string[] | undefined {
    if (this.#plan.host !== "127.0.0.1") return undefined;
    const isShared = this.#share?.url !== undefined || this.#share?.pageHtml !== undefined;
    return isShared || isProxied(this.#plan.share.environment) ? undefined : [];
  }

  #context(signal: AbortSignal) {
    const { host } = this.#plan;
    return { signal, host, onProgress: (text: string, part?: number) => this.#say(text, part) };
  }

  #say(text: string | undefined, part?: number): void {
    this.#progress = text === undefined ? undefined : { text, share: part };
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
