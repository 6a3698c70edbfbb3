import type { MimeBundle } from "../../kernel/extension.ts";
import { cardHtml } from "./card-html.ts";
import { cardText } from "./card-text.ts";
import type { SessionView } from "./session-view.ts";

/** What a card shows besides its session. */
export interface CardExtras {
  /** By which the front end's script finds the card to put buttons on; left out where there are none. */
  readonly cardId?: string | undefined;
  /** Counts what open pages painted. */
  readonly paint?: number | undefined;
  /** Of a card that stays in the notebook as it is, also when the session ends unseen. */
  readonly asOf?: Date | undefined;
  /** SVG of the public link. */
  readonly qrCode?: string | undefined;
}

/** The card of a session: HTML for notebooks and a text/plain twin that says the same. */
export function sessionCard(view: SessionView, extras: CardExtras = {}): MimeBundle {
  return { "text/html": cardHtml(view, extras), "text/plain": cardText(view, extras.asOf) };
}
