/** Okabe and Ito's colours, told apart by the colour-blind too; the order puts the strongest pairs first. */
const colours = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8A900"];

/** For every class beyond the seventh. */
const otherColour = "#8a8a8a";

/** The colour of a class, the same in every picture of a model. */
export function classColour(code: number): string {
  return colours[code] ?? otherColour;
}
