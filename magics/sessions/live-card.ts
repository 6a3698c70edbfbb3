import type { Display, Host, MimeBundle } from "../../kernel/extension.ts";
import { sessionCard } from "./card.ts";
import { type CardButtons, openCardButtons } from "./card-buttons.ts";
import { orphanedView, savedView } from "./parting-view.ts";
import type { Session } from "./session.ts";
import type { SessionView } from "./session-view.ts";

/** At most four updates a second. */
const leastIntervalMs = 250;
/** Counts and logs change without telling; a card is looked over this often. */
const refreshMs = 5_000;

const cards = new WeakMap<Session, LiveCard>();

/** Shows a session's card in the running cell and keeps it true until the session has ended. */
export function showLiveCard(session: Session, host: Host): void {
  const place = host.cell === undefined ? "elsewhere" : `to cell [${host.cell.executionCount}]`;
  cards.get(session)?.leave(`it moved ${place}`);
  cards.set(session, new LiveCard(session, host));
}

/** Paints what is pending now, so that a cell's last output is its card as it is. */
export async function flushCard(session: Session): Promise<void> {
  await cards.get(session)?.flush();
}

/**
 * One card in one cell's output: one display, by one id, all its life. Where a page paints it by
 * itself, the display holds what is to be read when nobody paints it any more.
 */
class LiveCard implements Disposable {
  readonly #session: Session;
  readonly #display: Display;
  readonly #isNotebook: boolean;
  readonly #displayId: string;
  readonly #buttons: CardButtons | undefined;
  readonly #stopListening: () => void;
  readonly #refresh: NodeJS.Timeout | undefined;
  #hasPage = false;
  #draw: ((text: string) => string) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shown: string;
  #paints = 0;
  #lastAt = Date.now();

  constructor(session: Session, host: Host) {
    this.#session = session;
    this.#display = host.display;
    this.#isNotebook = host.cell !== undefined;
    if (this.#isNotebook) {
      this.#buttons = openCardButtons(session, host.comms, { onPage: () => this.#pageIsThere() });
    }
    const view = session.view();
    this.#shown = this.#fingerprint(view);
    this.#displayId = host.display.show(this.#kept(view)).id;
    this.#bequeath(view);
    this.#stopListening = session.onChange(() => this.#changed());
    // In a terminal each repaint is printed again.
    this.#refresh = this.#isNotebook
      ? setInterval(() => this.#paint(), refreshMs).unref()
      : undefined;
  }

  async flush(): Promise<void> {
    if (this.#session.view().publicUrl !== undefined && this.#draw === undefined) {
      this.#draw = (await import("./qr-code.ts")).qrCode;
    }
    if (this.#session.state !== "ended") this.#paint();
  }

  /** Another card shows the session from now on. */
  leave(endReason: string): void {
    if (this.#session.state !== "ended") {
      const view = this.#session.view();
      this.#update({ ...view, state: "ended", endedAt: new Date(), endReason, notes: [] });
    }
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    clearInterval(this.#refresh);
    this.#stopListening();
    this.#buttons?.[Symbol.dispose]();
  }

  #changed(): void {
    if (this.#session.state === "ended") {
      this.#paint();
      this[Symbol.dispose]();
      return;
    }
    const waitMs = Math.max(0, this.#lastAt + leastIntervalMs - Date.now());
    this.#timer ??= setTimeout(() => this.#paint(), waitMs).unref();
  }

  #pageIsThere(): void {
    if (this.#hasPage || this.#session.state === "ended") return;
    this.#hasPage = true;
    this.#changed();
  }

  #paint(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastAt = Date.now();
    this.#update(this.#session.view());
  }

  #update(view: SessionView): void {
    const fingerprint = this.#fingerprint(view);
    if (fingerprint === this.#shown) return;
    this.#shown = fingerprint;
    this.#paints++;
    const { "text/html": html } = sessionCard(view, { ...this.#extras(view), paint: this.#paints });
    this.#buttons?.paint(String(html), this.#paints);
    this.#display.update(this.#displayId, this.#kept(view));
    this.#bequeath(view);
  }

  /** What the notebook keeps. */
  #kept(view: SessionView): MimeBundle {
    const now = new Date();
    const extras = this.#extras(view);
    if (view.state !== "ended" && this.#hasPage) return sessionCard(savedView(view, now), extras);
    return sessionCard(view, { ...extras, asOf: this.#isNotebook ? now : undefined });
  }

  #bequeath(view: SessionView): void {
    const isOver = view.state === "ended";
    this.#display.lastWill(this.#displayId, isOver ? undefined : sessionCard(orphanedView(view)));
  }

  /** Differs where there is something else to show, but for the time. */
  #fingerprint(view: SessionView): string {
    return JSON.stringify([this.#hasPage, sessionCard(view, this.#extras(view))]);
  }

  #extras(view: SessionView) {
    const { publicUrl } = view;
    return {
      cardId: view.state === "ended" ? undefined : this.#buttons?.cardId,
      qrCode: publicUrl === undefined ? undefined : this.#draw?.(publicUrl),
    };
  }
}
