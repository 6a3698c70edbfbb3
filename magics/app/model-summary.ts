import type { Evaluation } from "../model/model.ts";
import { formatNumber, formatShare } from "./format-number.ts";

/** How well a model did on rows it was not trained on, in one sentence. */
export function describeEvaluation(evaluation: Evaluation): string {
  const rows = `${formatNumber(evaluation.testRows)} held-out rows`;
  if (evaluation.testRows === 0) return "Not tested on held-out rows.";
  return evaluation.task === "classification"
    ? `Right on ${formatShare(evaluation.accuracy)} of ${rows}.`
    : `R² ${formatNumber(evaluation.r2)}, mean error ${formatNumber(evaluation.mae)} on ${rows}.`;
}
