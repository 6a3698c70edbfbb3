import { z } from "zod";
import type { Model, ModelSchema, Row, Step } from "../model/model.ts";

/** What is wanted beside the prediction. */
export interface Wanted {
  readonly proba: boolean;
  readonly explain: boolean;
}

/** One answer of the model's API. */
export type Prediction = {
  readonly prediction: string | number;
  /** Share of the predicted class among the training rows that ended where this row did. */
  readonly probability?: number;
  readonly probabilities?: Readonly<Record<string, number>>;
  readonly path?: readonly Step[];
};

/** Predicts one row that was checked before. */
export function predictRow(model: Model, row: Row, wanted: Wanted): Prediction {
  const prediction = model.predict(row);
  const path = wanted.explain ? { path: model.explain(row).path } : undefined;
  if (model.schema.task === "regression") return { prediction, ...path };
  const probabilities = model.predictProba(row);
  const probability = asShare(probabilities[prediction] ?? 0);
  if (!wanted.proba && path === undefined) return { prediction, probability };
  return {
    prediction,
    probability,
    ...(wanted.proba ? { probabilities: asShares(probabilities) } : {}),
    ...path,
  };
}

/** Sums of floating numbers end a little above 1. */
function asShare(share: number): number {
  return share > 1 ? 1 : share;
}

function asShares(shares: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(shares).map(([label, share]) => [label, asShare(share)]),
  );
}

/** The schema of one answer, for the documentation. */
export function makePredictionSchema(schema: ModelSchema): z.ZodObject {
  const path = z
    .array(
      z.object({
        feature: z.string(),
        text: z.string().describe("The question as it was answered: tempo < 103.4"),
        threshold: z.number(),
        value: z.number(),
        wentLeft: z.boolean(),
      }),
    )
    .optional()
    .describe("The questions on the way to the answer; with ?explain=1");
  if (schema.task === "regression") {
    const prediction = z.number().describe(`Predicted ${schema.target}`);
    return z.object({ prediction, path }).meta({ id: "Prediction" });
  }
  const share = z.number().min(0).max(1);
  return z
    .object({
      prediction: z.enum(schema.labels).describe(`Predicted ${schema.target}`),
      probability: share.describe("Certainty of the prediction"),
      probabilities: z
        .record(z.string(), share)
        .optional()
        .describe("Share of every class; with ?proba=1"),
      path,
    })
    .meta({ id: "Prediction" });
}
