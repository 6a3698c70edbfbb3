import type { Evaluation } from "../model.ts";

/** A wider matrix cannot be read. */
const mostClasses = 12;

/** The classes that a confusion matrix shows, in the order of their codes, and how many are left out. */
export function shownClasses({ classes }: Evaluation & { task: "classification" }): {
  codes: number[];
  left: number;
} {
  const codes = classes.map((_, code) => code);
  if (codes.length <= mostClasses) return { codes, left: 0 };
  const rowsOf = (code: number) => classes[code]?.rows ?? 0;
  const largest = codes.toSorted((a, b) => rowsOf(b) - rowsOf(a)).slice(0, mostClasses);
  return { codes: largest.sort((a, b) => a - b), left: codes.length - mostClasses };
}
