import { cardFacts, mainLinks, stateShapes, stateText } from "./card-facts.ts";
import { type SessionView, sentences } from "./session-view.ts";

/** The card for terminals: title, links alone on their lines, facts that line up, notes. */
export function cardText(view: SessionView, asOf?: Date): string {
  const title = `${stateShapes[view.state]} ${view.name} · ${stateText(view, asOf)}`;
  if (view.state === "starting") return title;
  return [
    title,
    ...mainLinks(view).map(({ url, name }) => `  ${url}   ${name}`),
    ...cardFacts(view).map(([term, text]) => `  ${term.padEnd(9)} ${text}`),
    ...sentences(view).map((note) => `  ${note}`),
  ].join("\n");
}
