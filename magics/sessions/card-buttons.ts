import { randomBytes } from "node:crypto";
import type { Comm, Comms } from "../../kernel/extension.ts";
import { cardButtonsScript } from "./card-buttons-script.ts";
import type { Session } from "./session.ts";

export interface CardButtons extends Disposable {
  /** Marks the card that the buttons belong to. */
  readonly cardId: string;
}

/**
 * Puts Stop and Restart on a session's card where the front end can carry them. It is told of a
 * widget that is never shown: its script runs where there is a widget manager with anywidget, and
 * then puts the buttons on the card by itself. Elsewhere, and in a saved notebook, nothing is
 * there that could look broken. What a click asks for comes over this comm and no other way.
 */
export function openCardButtons(session: Session, comms: Comms): CardButtons {
  const cardId = randomBytes(9).toString("base64url");
  const state = widgetState(cardId, session.name);
  const data = { state, buffer_paths: [] };
  const comm = comms.open("jupyter.widget", data, { metadata: { version: "2.1.0" } });
  comm.onMessage((message) => answer(message, { session, comm, state }));
  return { cardId, [Symbol.dispose]: () => comm.close() };
}

interface Desk {
  readonly session: Session;
  readonly comm: Comm;
  readonly state: object;
}

/** A page that was loaded anew asks for the state; a click sends `{ ask }`. */
function answer(message: unknown, { session, comm, state }: Desk): void {
  if (typeof message !== "object" || message === null || !("method" in message)) return;
  if (message.method === "request_state") {
    comm.send({ method: "update", state, buffer_paths: [] });
    return;
  }
  if (message.method !== "custom" || !("content" in message)) return;
  const { content } = message;
  const ask = typeof content === "object" && content !== null && "ask" in content && content.ask;
  // What goes wrong is said by the card.
  if (ask === "stop") void session.end("stopped on its card").catch(() => {});
  if (ask === "restart") void session.startAgain().catch(() => {});
}

/** The widget protocol's fields for a model of anywidget that has a script and no view. */
function widgetState(cardId: string, name: string): object {
  return {
    _model_module: "anywidget",
    _model_name: "AnyModel",
    _model_module_version: "*",
    _view_module: "anywidget",
    _view_name: "AnyView",
    _view_module_version: "*",
    _view_count: null,
    _anywidget_id: "colabcode.card",
    _esm: cardButtonsScript,
    card_id: cardId,
    session_name: name,
  };
}
