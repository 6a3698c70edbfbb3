import { escapeHtml } from "../app/escape-html.ts";
import type { RecentRequest } from "../services/service.ts";
import type { CardExtras } from "./card.ts";
import { cardFacts, clock, mainLinks, stateShapes, stateText } from "./card-facts.ts";
import { cardStyle } from "./card-style.ts";
import { type SessionView, sentences } from "./session-view.ts";

const logLines = 20;
/** Longer lines and paths are cut, so that a card stays small in the saved notebook. */
const longestText = 160;

/** The card for notebooks: twelve lines high at most until something is unfolded. */
export function cardHtml(view: SessionView, { cardId, paint, asOf, qrCode }: CardExtras): string {
  const name = escapeHtml(view.name);
  const painted = paint === undefined ? "" : ` data-paint="${paint}"`;
  const mark = cardId === undefined ? "" : ` data-colabcode="${cardId}"${painted}`;
  const title = `<p class="title ${view.state}"><span class="shape" aria-hidden="true">${stateShapes[view.state]}</span><b>${name}</b><span role="status">${escapeHtml(stateText(view, asOf))}</span></p>`;
  const facts = cardFacts(view)
    .map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${factHtml(text)}</dd>`)
    .join("");
  const notes = sentences(view)
    .map((note) => `<p class="note">${escapeHtml(note)}</p>`)
    .join("");
  const folded = foldedHtml(view, qrCode);
  return `<div class="colabcode-card" role="group" aria-label="session ${name}"${mark}>${cardStyle}${title}${progressHtml(view)}${linksHtml(view)}<dl>${facts}</dl>${notes}${folded}</div>`;
}

function linksHtml(view: SessionView): string {
  const links = mainLinks(view);
  if (links.length === 0) return "";
  const main = links.map(
    ({ url, name }) => `<li>${link(url, url)} <small>${escapeHtml(name)}</small></li>`,
  );
  const page = view.pageHtml === undefined ? "" : `<li>${view.pageHtml}</li>`;
  const base = links[0]?.base ?? "";
  const more = view.links.slice(1).map(({ label, path }) => link(base + path, label));
  const list = `<ul class="links">${page}${main.join("")}</ul>`;
  return more.length === 0 ? list : `${list}<p class="more">${more.join(" · ")}</p>`;
}

function link(url: string, text: string): string {
  return `<a href="${escapeHtml(url)}" target="_blank" rel="noopener">${escapeHtml(text)}</a>`;
}

/** Words between back-quotes are shown as code. */
function factHtml(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function progressHtml({ progress }: SessionView): string {
  if (progress === undefined) return "";
  const value = progress.share === undefined ? "" : ` value="${progress.share.toFixed(3)}"`;
  return `<progress max="1"${value} aria-label="${escapeHtml(progress.text)}"></progress>`;
}

/** Everything that is looked at now and then, on one line. */
function foldedHtml(view: SessionView, qrCode: string | undefined): string {
  const parts: [summary: string, body: string][] = [];
  if (qrCode !== undefined && view.publicUrl !== undefined && view.state !== "ended") {
    parts.push(["QR code", qrCode]);
  }
  if (view.recent.length > 0) parts.push(["last requests", recentHtml(view.recent)]);
  if (view.log.length > 0) parts.push(["log", `<pre>${logText(view.log)}</pre>`]);
  if (parts.length === 0) return "";
  const folded = parts.map(
    ([summary, body]) => `<details><summary>${summary}</summary>${body}</details>`,
  );
  return `<div class="folded">${folded.join("")}</div>`;
}

function recentHtml(recent: readonly RecentRequest[]): string {
  const rows = recent.toReversed().map(({ at, method, path, status, durationMs }) => {
    const time = clock(new Date(at), { hasSeconds: true });
    return `<tr><td>${time}</td><td>${escapeHtml(method)}</td><td>${escapeHtml(cut(path))}</td><td>${status}</td><td>${durationText(durationMs)}</td></tr>`;
  });
  const head = ["time", "method", "path", "status", "took"]
    .map((text) => `<th scope="col">${text}</th>`)
    .join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function durationText(durationMs: number): string {
  return durationMs < 1000
    ? `${Number(durationMs.toPrecision(2))} ms`
    : `${Number((durationMs / 1000).toPrecision(3))} s`;
}

function logText(lines: readonly string[]): string {
  return escapeHtml(lines.slice(-logLines).map(cut).join("\n"));
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
}
