import type { RecentRequest } from "../services/service.ts";

/** What a card, `status` and a terminal line show of a session; plain data, safe to print. */
export interface SessionView {
  readonly name: string;
  /** "app", "code", "lab". */
  readonly kind: string;
  readonly state: SessionState;
  readonly startedAt: Date;
  /** When it became live, then when it ended. */
  readonly liveAt: Date | undefined;
  readonly endedAt: Date | undefined;
  /** Why it ended, for the person in the notebook. */
  readonly endReason: string | undefined;
  readonly summary: string;
  readonly pid: number | undefined;
  readonly port: number | undefined;
  readonly localUrl: string | undefined;
  readonly publicUrl: string | undefined;
  /** For others on this machine's network, where they may come in. */
  readonly networkUrl: string | undefined;
  readonly tunnel: string | undefined;
  /** Link without a host, for users of the notebook's own server. */
  readonly pagePath: string | undefined;
  /** HTML that shows a private link where the notebook's page can make one. */
  readonly pageHtml: string | undefined;
  readonly links: readonly { readonly label: string; readonly path: string }[];
  /** A password or token made here, to log in with. */
  readonly secret: { readonly label: string; readonly value: string } | undefined;
  /** What goes wrong with the service beside its answers. */
  readonly trouble: string | undefined;
  /** Sentences worth reading: how to share, what went wrong with the tunnel. */
  readonly notes: readonly string[];
  /** What is going on while it starts; `share` from 0 to 1 where it is known. */
  readonly progress: { readonly text: string; readonly share: number | undefined } | undefined;
  /** What ends it: "cell [3] deleted or re-run without it …". */
  readonly endsWith: string;
  readonly stats: { readonly requests: number; readonly errors: number } | undefined;
  /** The last requests, oldest first, where the service can tell. */
  readonly recent: readonly RecentRequest[];
  /** Last lines the service wrote. */
  readonly log: readonly string[];
}

export type SessionState = "starting" | "live" | "reconnecting" | "ended";

/** A session as others may read it, by `--json` and in the list of what runs: plain, no secrets. */
export interface SessionSummary {
  readonly name: string;
  readonly kind: string;
  readonly state: SessionState;
  readonly pid: number | undefined;
  readonly port: number | undefined;
  readonly url: string | undefined;
  readonly publicUrl: string | undefined;
  readonly tunnel: string | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endReason: string | undefined;
  readonly requests: number | undefined;
  readonly errors: number | undefined;
  /** The last thing that went wrong: a request, or the link. */
  readonly lastError: string | undefined;
  readonly notes: readonly string[];
}

export function sessionSummary(view: SessionView): SessionSummary {
  return {
    name: view.name,
    kind: view.kind,
    state: view.state,
    pid: view.pid,
    port: view.port,
    url: view.localUrl,
    publicUrl: view.publicUrl,
    tunnel: view.tunnel,
    startedAt: view.startedAt.toISOString(),
    endReason: view.endReason,
    requests: view.stats?.requests,
    errors: view.stats?.errors,
    lastError: lastError(view),
    notes: view.notes,
  };
}

/** What a card says below its facts: what goes wrong, then what is worth knowing. */
export function sentences({ trouble, notes }: SessionView): readonly string[] {
  return trouble === undefined ? notes : [trouble, ...notes];
}

function lastError({ state, recent, trouble, notes }: SessionView): string | undefined {
  if (state === "reconnecting") return "the public link does not answer";
  if (trouble !== undefined) return trouble;
  const failed = recent.findLast(({ status }) => status >= 500);
  if (failed !== undefined) return `${failed.status} ${failed.method} ${failed.path}`;
  return notes.find((note) => note.startsWith("The public link is gone"));
}
