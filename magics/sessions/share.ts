import { ColabCodeError } from "../errors.ts";
import type { End, RunningService } from "../services/service.ts";
import type { TunnelWish } from "../tunnels/providers.ts";
import type { Tunnel, TunnelAccess, TunnelProvider, TunnelState } from "../tunnels/tunnel.ts";
import { proveShare } from "./prove-share.ts";

/** How a session is to be shared, as the options say it. */
export interface SharePlan {
  /** "auto", "none", a provider's name or address, or a function that opens a link. */
  readonly wanted: TunnelWish;
  /** A provider of the caller's own; then `wanted` is only its name. */
  readonly provider: TunnelProvider | undefined;
  /** Token by flag or call; otherwise the environment is asked. */
  readonly token: string | undefined;
  /** Asks the user for a token, hidden; undefined where nobody can be asked. */
  readonly askToken: ((prompt: string) => Promise<string>) | undefined;
  readonly domain: string | undefined;
  /** `user:password` that visitors must give; the service itself asks for it. */
  readonly auth: string | undefined;
  /** Who may come in, for providers that can tell. */
  readonly access: TunnelAccess | undefined;
  /** False leaves the link alone once it is proven. */
  readonly isProbed: boolean;
  readonly isPublicByIntent: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ShareContext {
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
  readonly onState: (state: TunnelState) => void;
  readonly onEnd: (end: End) => void;
}

/** A public link, or the reason why there is none; ends with its tunnel. */
export interface Share extends AsyncDisposable {
  readonly url: string | undefined;
  readonly provider: string | undefined;
  /** Path on the notebook's own host that leads to the service, for its users only. */
  readonly pagePath: string | undefined;
  /** HTML with a private link that only the notebook's page can make. */
  readonly pageHtml: string | undefined;
  readonly notes: readonly string[];
  /** Set where the tunnel was asked for by name and could not be had. */
  readonly failure: ColabCodeError | undefined;
  /** True while this share serves `plan` as it is. */
  fits(plan: SharePlan): boolean;
}

/**
 * Makes a service public as its plan says. The link is given only after a request through it came
 * back from this very service. Without a token, and when a tunnel that nobody asked for by name
 * fails, the service stays local and `notes` says why; rejects only when `signal` aborts.
 */
export async function share(
  service: RunningService,
  plan: SharePlan,
  context: ShareContext,
): Promise<Share> {
  if (plan.wanted === "none") return localShare(plan, []);
  const isNamed = plan.wanted !== "auto";
  try {
    return await openShare(service, plan, context);
  } catch (error) {
    context.signal.throwIfAborted();
    const failure =
      error instanceof ColabCodeError
        ? error
        : new ColabCodeError("TUNNEL_FAILED", `No public link: ${messageOf(error)}`, {
            cause: error,
          });
    const note = [failure.message, failure.hint, "The app stays up locally."];
    return localShare(plan, [note.filter(Boolean).join(" ")], {
      failure: isNamed ? failure : undefined,
    });
  }
}

async function openShare(
  service: RunningService,
  plan: SharePlan,
  context: ShareContext,
): Promise<Share> {
  const { chooseTunnel } = await import("../tunnels/providers.ts");
  const choice =
    plan.provider === undefined
      ? await chooseTunnel({
          wanted: plan.wanted,
          given: plan.token,
          environment: plan.environment,
          ask: plan.askToken,
        })
      : { provider: plan.provider, token: plan.token };
  if (choice.provider === undefined) {
    const pageHtml = "page" in choice ? choice.page?.(service.port) : undefined;
    return localShare(plan, [choice.sentence], { pageHtml });
  }
  if (service.runsCode && !service.isProtected && !plan.isPublicByIntent) {
    throw new ColabCodeError(
      "PUBLIC_WITHOUT_PASSWORD",
      "No public link: whoever opened it could run code here without a password.",
      {
        hint: "Leave out the empty password or token, and one is made for you; or say --i-know-this-is-public.",
      },
    );
  }
  context.onProgress(`opening a public link with ${choice.provider.name}`);
  const tunnel = await choice.provider.open(
    {
      port: service.port,
      token: choice.token,
      domain: plan.domain,
      auth: undefined,
      environment: plan.environment,
      access: plan.access,
    },
    context.signal,
  );
  let notes: readonly string[];
  try {
    context.onProgress(`checking ${tunnel.url}`);
    notes = await proveShare(service, plan, tunnel, context.signal);
  } catch (error) {
    await tunnel[Symbol.asyncDispose]();
    throw error;
  }
  if (!plan.isProbed) return new OpenShare({ plan, tunnel, notes }, context, () => unwatched);
  const [{ watchUrl }, { doorOf }] = await Promise.all([
    import("../tunnels/watch.ts"),
    import("../tunnels/door.ts"),
  ]);
  return new OpenShare({ plan, tunnel, notes }, context, (onChange) =>
    watchUrl(() => tunnel.url, {
      path: service.probePath,
      marker: service.marker,
      headers: tunnel.probeHeaders,
      door: doorOf(plan.access),
      onChange,
    }),
  );
}

const unwatched: AsyncDisposable = { [Symbol.asyncDispose]: async () => {} };

class OpenShare implements Share {
  readonly notes: readonly string[];
  readonly failure = undefined;
  readonly pageHtml = undefined;
  readonly #plan: SharePlan;
  readonly #tunnel: Tunnel;
  readonly #watch: AsyncDisposable;
  /** What the provider says and what probes through the link see: live only if both are well. */
  #state: TunnelState = "live";
  #isAnswering = true;
  #isEnded = false;

  constructor(
    { plan, tunnel, notes }: { plan: SharePlan; tunnel: Tunnel; notes: readonly string[] },
    context: ShareContext,
    watch: (onChange: (isAnswering: boolean) => void) => AsyncDisposable,
  ) {
    this.#plan = plan;
    this.#tunnel = tunnel;
    this.notes = notes;
    const tell = () => context.onState(this.#isAnswering ? this.#state : "reconnecting");
    this.#watch = watch((isAnswering) => {
      this.#isAnswering = isAnswering;
      // What the provider takes for live may be dead at the other end.
      if (!isAnswering && this.#state === "live") tunnel.repair?.();
      tell();
    });
    tunnel.onState((state) => {
      this.#state = state;
      tell();
    });
    void tunnel.ended.then((end) => {
      this.#isEnded = true;
      void this.#watch[Symbol.asyncDispose]();
      if (!end.asked) context.onEnd(end);
    });
  }

  get url(): string | undefined {
    return this.#isEnded ? undefined : this.#tunnel.url;
  }

  get provider(): string {
    return this.#tunnel.provider;
  }

  get pagePath(): string | undefined {
    return this.#isEnded ? undefined : this.#tunnel.pagePath;
  }

  fits(plan: SharePlan): boolean {
    const mine = this.#plan;
    return (
      !this.#isEnded &&
      mine.wanted === plan.wanted &&
      mine.provider === plan.provider &&
      mine.token === plan.token &&
      mine.domain === plan.domain &&
      mine.isProbed === plan.isProbed &&
      JSON.stringify(mine.access) === JSON.stringify(plan.access)
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch[Symbol.asyncDispose]();
    await this.#tunnel[Symbol.asyncDispose]();
  }
}

function localShare(
  plan: SharePlan,
  notes: string[],
  {
    failure,
    pageHtml,
  }: { failure?: ColabCodeError | undefined; pageHtml?: string | undefined } = {},
): Share {
  return {
    url: undefined,
    provider: undefined,
    pagePath: undefined,
    pageHtml,
    notes,
    failure,
    // A tunnel that is wanted and missing is tried again at the next run.
    fits: (next) => plan.wanted === "none" && next.wanted === "none",
    [Symbol.asyncDispose]: async () => {},
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
