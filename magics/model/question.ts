import type { Feature } from "./model.ts";

/** A node's question in words, as it is put and as it is answered: "tempo < 103.4", "tempo ≥ 103.4". */
export function questionText(
  feature: Feature,
  threshold: number,
  { wentLeft }: { wentLeft: boolean } = { wentLeft: true },
): string {
  if (feature.kind === "number") {
    return `${feature.name} ${wentLeft ? "<" : "≥"} ${thresholdText(threshold, feature.isInteger)}`;
  }
  const { name, categories } = feature;
  const cut = Math.min(categories.length, Math.max(0, Math.ceil(threshold)));
  const left = categories.slice(0, cut);
  const right = categories.slice(cut);
  // The shorter list says it; the other answer is its opposite.
  const [listed, isListedLeft] = left.length <= right.length ? [left, true] : [right, false];
  const isOneOf = wentLeft === isListedLeft;
  const shown = listed.slice(0, 3).join(", ");
  const more = listed.length > 3 ? ` and ${listed.length - 3} more` : "";
  if (listed.length === 1) return `${name} is ${isOneOf ? "" : "not "}${shown}`;
  return `${name} is ${isOneOf ? "one" : "none"} of ${shown}${more}`;
}

/** A threshold with four significant digits; halves between whole numbers are kept. */
export function thresholdText(threshold: number, isInteger = false): string {
  if (isInteger && Math.abs(threshold) < 1e15) {
    return (Math.round(threshold * 10) / 10).toString();
  }
  const digits = Number(threshold.toPrecision(4));
  const text = Math.abs(threshold) >= 1000 ? Math.round(threshold * 10) / 10 : digits;
  return String(text);
}
