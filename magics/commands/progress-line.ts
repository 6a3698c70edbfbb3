import type { DisplayHandle, Host, MimeBundle } from "../../kernel/extension.ts";
import { escapeHtml } from "../app/escape-html.ts";

export interface ProgressLine {
  report(text: string, share?: number, speed?: string): void;
  /** Replaces the bar by one line of result. */
  done(text: string): void;
  /** Takes the bar away; the error is told elsewhere. */
  fail(): void;
}

const leastIntervalMs = 100;

interface Step {
  readonly text: string;
  readonly share?: number | undefined;
  readonly speed?: string | undefined;
}

/** One bar in the cell's output that says what is done, how far, how fast and how long still; at most ten updates a second. */
export function progressLine(host: Host, text: string): ProgressLine {
  const handle: DisplayHandle = host.display.show(bar({ text }, 0));
  let last: Step = { text };
  let lastAt = Date.now();
  let stepStartedAt = lastAt;
  return {
    report(next, share, speed) {
      // A text may count along after a comma; it is the same step as long as its start is the same.
      if (next.split(",")[0] !== last.text.split(",")[0]) stepStartedAt = Date.now();
      last = { text: next, share, speed };
      if (Date.now() - lastAt < leastIntervalMs) return;
      lastAt = Date.now();
      handle.update(bar(last, lastAt - stepStartedAt));
    },
    done(result) {
      handle.update({ "text/html": `<p>${escapeHtml(result)}</p>`, "text/plain": result });
    },
    fail() {
      const stopped = `stopped while ${last.text}`;
      handle.update({ "text/html": `<p>${escapeHtml(stopped)}</p>`, "text/plain": stopped });
    },
  };
}

function bar({ text, share, speed }: Step, elapsedMs: number): MimeBundle {
  const value = share === undefined ? "" : ` value="${share.toFixed(3)}"`;
  const facts = [
    text,
    share === undefined ? undefined : `${Math.round(share * 100)} %`,
    speed,
    timeLeft(share, elapsedMs),
  ];
  const line = facts.filter((fact) => fact !== undefined).join(", ");
  return {
    "text/html": `<p>${escapeHtml(line)} <progress max="1"${value} aria-label="${escapeHtml(text)}"></progress></p>`,
    "text/plain": line,
  };
}

/** A guess that is worth something: after a second, and where something is done. */
function timeLeft(share: number | undefined, elapsedMs: number): string | undefined {
  if (share === undefined || share < 0.02 || elapsedMs < 1000) return undefined;
  const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1000);
  return seconds < 90 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`;
}
