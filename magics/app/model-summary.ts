import type { Evaluation, ModelSchema } from "../model/model.ts";
import { formatNumber, formatShare } from "./format-number.ts";

/** How well a model did on rows it was not trained on, in one sentence. */
export function describeEvaluation(evaluation: Evaluation): string {
  const rows = `${formatNumber(evaluation.testRows)} held-out rows`;
  if (evaluation.testRows === 0) return "Not tested on held-out rows.";
  return evaluation.task === "classification"
    ? `Right on ${formatShare(evaluation.accuracy)} of ${rows}.`
    : `R² ${formatNumber(evaluation.r2)}, mean error ${formatNumber(evaluation.mae)} on ${rows}.`;
}

/** What a model is in a few words: "model app · genre_top from 8 features". */
export function summarizeModel(schema: ModelSchema): string {
  const { length } = schema.features;
  return `model app · ${schema.target} from ${length} feature${length === 1 ? "" : "s"}`;
}
