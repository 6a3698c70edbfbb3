import { escapeHtml } from "../../data/table-picture.ts";
import type { SavedModel } from "../model.ts";
import { summaryText } from "./summary.ts";

/** The model as HTML without script or anything from outside. */
export function modelHtml(saved: SavedModel): string {
  return `<p>${escapeHtml(summaryText(saved))}</p>`;
}
