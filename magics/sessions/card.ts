import type { MimeBundle } from "../../kernel/extension.ts";
import type { SessionState, SessionView } from "./session-view.ts";

/** The card of a session: HTML for notebooks and a text/plain twin that says the same. */
export function sessionCard(view: SessionView): MimeBundle {
  return { "text/html": cardHtml(view), "text/plain": cardText(view) };
}

/** A state is a shape and a word, never only a colour. */
const shapes: Record<SessionState, string> = {
  starting: "◌",
  live: "●",
  reconnecting: "◐",
  ended: "○",
};

function cardText(view: SessionView): string {
  const title = `${shapes[view.state]} ${view.name} · ${stateText(view)}`;
  if (view.state === "starting") return title;
  const lines = [title];
  if (view.state !== "ended") {
    for (const { url, name } of mainLinks(view)) lines.push(`  ${url}   ${name}`);
  }
  for (const [term, text] of facts(view)) lines.push(`  ${term.padEnd(9)} ${text}`);
  for (const note of view.notes) lines.push(`  ${note}`);
  return lines.join("\n");
}

function cardHtml(view: SessionView): string {
  const links = view.state === "ended" ? "" : view.state === "starting" ? "" : linksHtml(view);
  const rows = facts(view)
    .map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${factHtml(text)}</dd>`)
    .join("");
  const notes = view.notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join("");
  const log =
    view.log.length === 0
      ? ""
      : `<details><summary>log</summary><pre>${escapeHtml(view.log.slice(-20).join("\n"))}</pre></details>`;
  return `<div class="colabcode-card" role="group" aria-label="session ${escapeHtml(view.name)}">${style}<p class="title ${view.state}"><span class="shape" aria-hidden="true">${shapes[view.state]}</span><b>${escapeHtml(view.name)}</b><span role="status">${escapeHtml(stateText(view))}</span></p>${progressHtml(view)}${links}<dl>${rows}</dl>${notes}${log}</div>`;
}

function stateText(view: SessionView): string {
  switch (view.state) {
    case "starting":
      return view.progress?.text ?? "starting";
    case "live":
      return view.progress?.text ?? `live since ${clock(view.liveAt ?? view.startedAt)}`;
    case "reconnecting":
      return "reconnecting the public link";
    case "ended":
      return `ended at ${clock(view.endedAt ?? new Date())}: ${view.endReason ?? "it was closed"}`;
  }
}

/** Public before local: the first is what people came for. */
function mainLinks(view: SessionView): { url: string; name: string }[] {
  const path = view.links[0]?.path ?? "/";
  const found: { url: string; name: string }[] = [];
  if (view.publicUrl !== undefined) found.push({ url: view.publicUrl + path, name: "public link" });
  if (view.localUrl !== undefined && view.state !== "starting") {
    found.push({ url: view.localUrl + path, name: "local link" });
  }
  return found;
}

function linksHtml(view: SessionView): string {
  const main = mainLinks(view)
    .map(
      ({ url, name }) =>
        `<a href="${escapeHtml(url)}" target="_blank" rel="noopener">${escapeHtml(url)}</a> <small>${name}</small>`,
    )
    .map((link) => `<li>${link}</li>`)
    .join("");
  const base = view.publicUrl ?? view.localUrl ?? "";
  const more = view.links
    .slice(1)
    .map(
      ({ label, path }) =>
        `<a href="${escapeHtml(base + path)}" target="_blank" rel="noopener">${escapeHtml(label)}</a>`,
    )
    .join(" · ");
  return `<ul class="links">${main}</ul>${more === "" ? "" : `<p class="more">${more}</p>`}`;
}

function facts(view: SessionView): [term: string, text: string][] {
  const rows: [string, string][] = [["serves", view.summary]];
  if (view.state === "ended") return rows;
  if (view.state === "starting") return rows;
  if (view.tunnel !== undefined && view.publicUrl !== undefined) rows.push(["tunnel", view.tunnel]);
  if (view.secret !== undefined) rows.push([view.secret.label, view.secret.value]);
  rows.push(["ends with", view.endsWith]);
  return rows;
}

/** Words between back-quotes are shown as code. */
function factHtml(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function progressHtml(view: SessionView): string {
  if (view.progress === undefined) return "";
  const { share } = view.progress;
  const value = share === undefined ? "" : ` value="${share.toFixed(3)}"`;
  return `<progress max="1"${value} aria-label="${escapeHtml(view.progress.text)}"></progress>`;
}

function clock(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

const style = `<style>
.colabcode-card{--line:var(--jp-border-color2,var(--vscode-panel-border,#c8c8c8));--quiet:var(--jp-ui-font-color2,var(--vscode-descriptionForeground,#5a5a5a));--link:var(--jp-content-link-color,var(--vscode-textLink-foreground,#0b57d0));--live:#007a5a;--wait:#8a5a00;font:inherit;line-height:1.45;border:1px solid var(--line);border-radius:6px;padding:.7em 1em;max-width:46em;box-sizing:border-box;margin:.2em 0}
.colabcode-card p{margin:0}.colabcode-card .title{display:flex;flex-wrap:wrap;gap:.1em .55em;align-items:baseline}
.colabcode-card .title span{color:var(--quiet)}.colabcode-card .live .shape{color:var(--live)}.colabcode-card .starting .shape,.colabcode-card .reconnecting .shape{color:var(--wait)}
.colabcode-card .links{list-style:none;margin:.4em 0 .1em;padding:0;font-size:1.2em;overflow-wrap:anywhere}.colabcode-card a{color:var(--link)}.colabcode-card a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.colabcode-card small{color:var(--quiet);font-size:.7em;white-space:nowrap}.colabcode-card .more{margin:.15em 0 .3em}
.colabcode-card dl{display:grid;grid-template-columns:max-content 1fr;gap:.05em 1em;margin:.35em 0 0}.colabcode-card dt{color:var(--quiet)}.colabcode-card dd{margin:0;overflow-wrap:anywhere}
.colabcode-card .note{margin-top:.5em;padding-left:.7em;border-left:3px solid var(--line)}.colabcode-card progress{width:100%;height:.5em;margin:.4em 0 0}
.colabcode-card details{margin-top:.4em}.colabcode-card pre{max-height:12em;overflow:auto;margin:.3em 0 0;font-size:.85em;white-space:pre-wrap}
@media (prefers-color-scheme:dark){.colabcode-card{--live:#3ecf9a;--wait:#e0b04a}}
[data-jp-theme-light=false] .colabcode-card,.vscode-dark .colabcode-card{--live:#3ecf9a;--wait:#e0b04a}[data-jp-theme-light=true] .colabcode-card,.vscode-light .colabcode-card{--live:#007a5a;--wait:#8a5a00}
</style>`;
