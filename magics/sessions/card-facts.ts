import type { SessionState, SessionView } from "./session-view.ts";

/** A state is a shape and a word, never only a colour. */
export const stateShapes: Record<SessionState, string> = {
  starting: "◌",
  live: "●",
  reconnecting: "◐",
  ended: "○",
};

/** The state in words, with its time and reason; as it was at `asOf` where that is given. */
export function stateText(view: SessionView, asOf?: Date): string {
  switch (view.state) {
    case "starting":
      return view.progress?.text ?? "starting";
    case "live":
      return view.progress?.text ?? liveText(view, asOf);
    case "reconnecting":
      return "reconnecting the public link";
    case "ended": {
      const at = view.endedAt === undefined ? "" : ` at ${clock(view.endedAt)}`;
      return `ended${at}: ${view.endReason ?? "it was closed"}`;
    }
  }
}

function liveText(view: SessionView, asOf: Date | undefined): string {
  const since = `live since ${clock(view.liveAt ?? view.startedAt)}`;
  return asOf === undefined ? since : `${since}, as of ${clock(asOf)}`;
}

export interface MainLink {
  /** Where the service's paths begin, without a slash at the end. */
  readonly base: string;
  readonly url: string;
  readonly name: string;
}

/** Links worth the largest letters; public before local, for the first is what people came for. */
export function mainLinks(view: SessionView): MainLink[] {
  if (view.state === "starting" || view.state === "ended") return [];
  const path = view.links[0]?.path ?? "/";
  const links: Omit<MainLink, "url">[] = [];
  if (view.pagePath !== undefined) {
    const base = view.pagePath.replace(/\/$/, "");
    links.push({ base, name: "on this notebook's server, for its users" });
  } else if (view.publicUrl !== undefined) {
    links.push({ base: view.publicUrl, name: "public link" });
  }
  if (view.networkUrl !== undefined) {
    links.push({ base: view.networkUrl, name: "for everybody on this network" });
  }
  if (view.localUrl !== undefined) links.push({ base: view.localUrl, name: "local link" });
  return links.map((link) => ({ ...link, url: link.base + path }));
}

/** What there is to know, as terms and texts. Words between back-quotes are code. */
export function cardFacts(view: SessionView): [term: string, text: string][] {
  const rows: [string, string][] = [["serves", view.summary]];
  if (view.state === "starting") return rows;
  const { stats } = view;
  const requests: [string, string][] =
    stats === undefined ? [] : [["requests", countText(stats.requests, stats.errors)]];
  if (view.state === "ended") return [...rows, ...requests];
  if (view.tunnel !== undefined && view.publicUrl !== undefined) rows.push(["tunnel", view.tunnel]);
  if (view.secret !== undefined) rows.push([view.secret.label, view.secret.value]);
  return [...rows, ...requests, ["ends with", view.endsWith]];
}

function countText(requests: number, errors: number): string {
  if (requests === 0) return "none so far";
  const failed =
    errors === 0 ? "no errors" : errors === 1 ? "1 error" : `${grouped(errors)} errors`;
  return `${grouped(requests)}, ${failed}`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "14:02", where the kernel runs. */
export function clock(date: Date, options: { readonly hasSeconds?: boolean } = {}): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return options.hasSeconds === true ? `${minutes}:${two(date.getSeconds())}` : minutes;
}
