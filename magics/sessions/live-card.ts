import type { Host } from "../../kernel/extension.ts";
import { sessionCard } from "./card.ts";
import { type CardButtons, openCardButtons } from "./card-buttons.ts";
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

/** One card in one cell's output: one display, by one id, all its life. */
class LiveCard implements Disposable {
  readonly #session: Session;
  readonly #buttons: CardButtons | undefined;
  readonly #update: (view: SessionView) => void;
  readonly #stopListening: () => void;
  readonly #refresh: NodeJS.Timeout | undefined;
  #draw: ((text: string) => string) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shown: string;
  #paints = 0;
  #lastAt = Date.now();

  constructor(session: Session, host: Host) {
    this.#session = session;
    const isNotebook = host.cell !== undefined;
    this.#buttons = isNotebook ? openCardButtons(session, host.comms) : undefined;
    const first = this.#card(session.view());
    this.#shown = JSON.stringify(first);
    const handle = host.display.show(first);
    this.#update = (view) => {
      if (JSON.stringify(this.#card(view)) === this.#shown) return;
      this.#paints++;
      const card = this.#card(view);
      this.#shown = JSON.stringify(card);
      handle.update(card);
      this.#buttons?.paint(String(card["text/html"]), this.#paints);
    };
    this.#stopListening = session.onChange(() => this.#changed());
    // In a terminal each repaint is printed again.
    this.#refresh = isNotebook ? setInterval(() => this.#paint(), refreshMs).unref() : undefined;
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

  #paint(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastAt = Date.now();
    this.#update(this.#session.view());
  }

  #card(view: SessionView) {
    const { publicUrl } = view;
    return sessionCard(view, {
      cardId: this.#buttons?.cardId,
      paint: this.#paints,
      qrCode: publicUrl === undefined ? undefined : this.#draw?.(publicUrl),
    });
  }
}
