import type { BindHost } from "./bind-host.ts";

/** Why a service or tunnel is gone. `asked` when we ended it; else `reason` is for the person in the notebook. */
export interface End {
  readonly asked: boolean;
  readonly reason: string;
}

/** One request a service answered, for the card: no query, no body, nothing secret. */
export interface RecentRequest {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
}

/** What a service may be asked to do while it starts. */
export interface StartContext {
  readonly signal: AbortSignal;
  /** Where it listens; 127.0.0.1 unless given. */
  readonly host?: BindHost | undefined;
  /** One line that says what is going on, e.g. "installing code-server (2 of 3)"; `share` from 0 to 1 where it is known. */
  readonly onProgress: (text: string, share?: number) => void;
}

/** A server that answers on a local port. Whoever starts it ends it. */
export interface RunningService extends AsyncDisposable {
  /** `http://127.0.0.1:8000`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** The process that listens; this process where the app runs in it. */
  readonly pid: number;
  /** Path that answers 200 when it is ready, e.g. `/healthz`. */
  readonly probePath: string;
  /** What the probe path's body contains, different for each start: proves that an answer is this service's. */
  readonly marker: string | undefined;
  /** What is served, in a few words: "model app · genre_top from 8 features". */
  readonly summary: string;
  /** Pages worth a link; paths relative to the service's root, the first is the main one. */
  readonly links: readonly { readonly label: string; readonly path: string }[];
  /** True when whoever reaches it can run code: needs a password before it is made public. */
  readonly runsCode: boolean;
  /** A password or token made here, to be shown once; undefined where there is none or the user gave it. */
  readonly secret: { readonly label: string; readonly value: string } | undefined;
  /** True when visitors must log in. */
  readonly isProtected: boolean;
  /** Last lines the service wrote, for errors and the card. */
  log(): readonly string[];
  /** Requests seen so far, where the service counts them. */
  stats(): { readonly requests: number; readonly errors: number } | undefined;
  /** The last requests it answered, oldest first, 20 at most; where the service can tell. */
  recent?(): readonly RecentRequest[];
  /** What goes wrong beside the answers, in a sentence; undefined while all is well. */
  trouble?(): string | undefined;
  /**
   * Where it is there: from now on only requests for loopback names and `hosts` are answered, so
   * that no other site's name can be made to point here; undefined answers every name again.
   */
  allowHosts?(hosts: readonly string[] | undefined): void;
  /** Never rejects. */
  readonly ended: Promise<End>;
}

/**
 * One kind of thing that can be served. `start` resolves with a service that answers 200 on its
 * probe path, or rejects and leaves nothing behind. Where `replace` is there, it puts a new
 * version behind the same port without a refused request, and rejects with the old one intact.
 */
export interface Service {
  readonly kind: string;
  start(port: number, context: StartContext): Promise<RunningService>;
  /** True when `running` came from a service of this kind that can be replaced in place. */
  canReplace?(running: RunningService): boolean;
  replace?(running: RunningService, context: StartContext): Promise<RunningService>;
}
