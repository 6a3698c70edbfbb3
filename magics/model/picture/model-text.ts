import type { SavedModel } from "../model.ts";
import { summaryText } from "./summary.ts";

/** The model as aligned text: what it is, its tree, what counts, and where it errs. */
export function modelText(saved: SavedModel): string {
  return summaryText(saved);
}
