import { randomBytes } from "node:crypto";
import type { Comms } from "../../kernel/extension.ts";
import { cardButtonsScript } from "./card-buttons-script.ts";
import { HiddenWidget } from "./hidden-widget.ts";
import type { Session } from "./session.ts";

export interface CardButtons extends Disposable {
  /** Marks the card that the buttons belong to. */
  readonly cardId: string;
  /**
   * Tells the page what the card is now: a page that was loaded anew takes no updates of displays
   * that it did not see being shown.
   */
  paint(html: string, paint: number): void;
}

/** What the page says of the card. */
interface Listeners {
  /** A page is there that paints the card by itself. */
  readonly onPage: () => void;
}

/**
 * Puts Stop and Restart on a session's card where the front end can carry them. It is told of a
 * widget that is never shown: its script runs where there is a widget manager with anywidget, and
 * then puts the buttons on the card by itself. Elsewhere, and in a saved notebook, nothing is
 * there that could look broken. What a click asks for comes over this comm and no other way.
 */
export function openCardButtons(
  session: Session,
  comms: Comms,
  { onPage }: Listeners,
): CardButtons {
  const cardId = randomBytes(9).toString("base64url");
  const fields = { card_id: cardId, session_name: session.name, html: "", paint: "0" };
  const widget = new HiddenWidget(comms, cardButtonsScript, fields);
  widget.comm.onMessage((message) => {
    const ask = askOf(message);
    if (ask === "paint") onPage();
    else obey(ask, session);
  });
  return {
    cardId,
    paint: (html, paint) => widget.set({ html, paint: String(paint) }),
    [Symbol.dispose]: () => widget[Symbol.dispose](),
  };
}

/** The page's script sends `{ ask }`. */
function askOf(message: unknown): unknown {
  if (typeof message !== "object" || message === null) return undefined;
  if (!("method" in message) || message.method !== "custom" || !("content" in message)) {
    return undefined;
  }
  const { content } = message;
  if (typeof content !== "object" || content === null || !("ask" in content)) return undefined;
  return content.ask;
}

/** What goes wrong with a click is said by the card. */
function obey(ask: unknown, session: Session): void {
  if (ask === "stop") void session.end("stopped on its card").catch(() => {});
  if (ask === "restart") void session.startAgain().catch(() => {});
}
