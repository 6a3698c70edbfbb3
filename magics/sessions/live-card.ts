import type { DisplayHandle, Host } from "../../kernel/extension.ts";
import { sessionCard } from "./card.ts";
import type { Session } from "./session.ts";

const leastIntervalMs = 250;

/** Shows a session's card in the running cell and keeps it true until the session has ended. */
export function showLiveCard(session: Session, host: Host): void {
  const handle: DisplayHandle = host.display.show(sessionCard(session.view()));
  let shown = "";
  let timer: NodeJS.Timeout | undefined;
  let lastAt = 0;

  const paint = () => {
    timer = undefined;
    lastAt = Date.now();
    const card = sessionCard(session.view());
    const text = JSON.stringify(card);
    if (text === shown) return;
    shown = text;
    handle.update(card);
  };
  const stop = session.onChange(() => {
    const { state } = session;
    if (state === "ended") {
      clearTimeout(timer);
      paint();
      stop();
    } else if (timer === undefined) {
      const wait = Math.max(0, lastAt + leastIntervalMs - Date.now());
      timer = setTimeout(paint, wait);
      timer.unref();
    }
  });
  flushes.set(session, () => {
    clearTimeout(timer);
    if (session.state !== "ended") paint();
  });
}

const flushes = new WeakMap<Session, () => void>();

/** Paints what is pending now, so that a cell's last output is its card as it is. */
export function flushCard(session: Session): void {
  flushes.get(session)?.();
}
