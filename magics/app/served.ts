import type { Model, ModelSchema } from "../model/model.ts";
import type { Metrics } from "./metrics.ts";

/** What the routes of a model's API are made from. */
export interface Served {
  readonly model: Model;
  /** The model's, where need be with an example that is no real row. */
  readonly schema: ModelSchema;
  readonly metrics: Metrics;
  /** What any of them may answer beside what it says itself. */
  readonly errors: Readonly<Record<number, string>>;
}

/** Rows that one request may ask for. */
export const maxBatchRows = 10_000;
