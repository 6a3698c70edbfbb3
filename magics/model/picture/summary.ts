import { compiledTrees } from "../compiled-trees.ts";
import type { SavedModel } from "../model.ts";
import { percent, wholeNumber } from "./numbers.ts";

/** One line: what is predicted from what, and how well on held-out rows. */
export function summaryText(saved: SavedModel): string {
  const { schema, evaluation } = saved;
  const trees = compiledTrees(saved);
  const columns = `${schema.features.length} column${schema.features.length === 1 ? "" : "s"}`;
  const rows =
    evaluation.testRows > 0
      ? `${wholeNumber(evaluation.testRows)} held-out rows`
      : `the ${wholeNumber(evaluation.trainRows)} rows it was trained on`;
  const quality =
    evaluation.task === "classification"
      ? `${percent(evaluation.accuracy)} right on ${rows}`
      : `R² ${evaluation.r2.toFixed(3)}, mean error ${Number(evaluation.mae.toPrecision(3))} on ${rows}`;
  const what = trees.length > 1 ? ` by ${wholeNumber(trees.length)} trees` : "";
  return `${schema.target} from ${columns}${what}, trained on ${wholeNumber(evaluation.trainRows)} rows: ${quality}`;
}
