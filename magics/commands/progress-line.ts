import type { DisplayHandle, Host, MimeBundle } from "../../kernel/extension.ts";
import { escapeHtml } from "../app/escape-html.ts";

export interface ProgressLine {
  report(text: string, share?: number): void;
  /** Replaces the bar by one line of result. */
  done(text: string): void;
  /** Takes the bar away; the error is told elsewhere. */
  fail(): void;
}

const leastIntervalMs = 100;

/** One bar in the cell's output that says what is done and how far; at most ten updates a second. */
export function progressLine(host: Host, text: string): ProgressLine {
  const handle: DisplayHandle = host.display.show(bar(text, undefined));
  let last: [string, number | undefined] = [text, undefined];
  let lastAt = Date.now();
  return {
    report(next, share) {
      last = [next, share];
      if (Date.now() - lastAt < leastIntervalMs) return;
      lastAt = Date.now();
      handle.update(bar(next, share));
    },
    done(result) {
      handle.update({ "text/html": `<p>${escapeHtml(result)}</p>`, "text/plain": result });
    },
    fail() {
      const stopped = `stopped while ${last[0]}`;
      handle.update({ "text/html": `<p>${escapeHtml(stopped)}</p>`, "text/plain": stopped });
    },
  };
}

function bar(text: string, share: number | undefined): MimeBundle {
  const value = share === undefined ? "" : ` value="${share.toFixed(3)}"`;
  const percent = share === undefined ? "" : ` ${Math.round(share * 100)} %`;
  return {
    "text/html": `<p>${escapeHtml(text)}${percent} <progress max="1"${value} aria-label="${escapeHtml(text)}"></progress></p>`,
    "text/plain": `${text}${percent}`,
  };
}
