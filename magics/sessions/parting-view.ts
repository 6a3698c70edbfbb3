import { clock } from "./card-facts.ts";
import type { SessionView } from "./session-view.ts";

/**
 * A running session as the notebook keeps it, where open pages paint what is true now: whoever
 * opens the notebook after the kernel has gone finds no link, no secret and no word of life.
 */
export function savedView(view: SessionView, now: Date): SessionView {
  return partingView(view, `its kernel is gone; last seen ${view.state} at ${clock(now)}`);
}

/** A running session when its runtime died, which nobody is left to tell. */
export function orphanedView(view: SessionView): SessionView {
  return partingView(view, "the notebook's runtime died, and took it along");
}

function partingView(view: SessionView, endReason: string): SessionView {
  return {
    ...view,
    state: "ended",
    endedAt: undefined,
    endReason,
    secret: undefined,
    trouble: undefined,
    notes: [],
    progress: undefined,
  };
}
