import { z } from "zod";
import type { Feature, ModelSchema } from "../model/model.ts";
import { formatNumber } from "./format-number.ts";

/**
 * The zod schema of a row to predict: exactly the model's features, finite numbers and known
 * categories only. Descriptions tell what the training data held.
 */
export function makeRowSchema(schema: ModelSchema): z.ZodObject {
  const fields = schema.features.map((feature) => [feature.name, makeField(feature)] as const);
  return z.strictObject(Object.fromEntries(fields)).meta({ id: "Row" });
}

function makeField(feature: Feature): z.ZodType {
  const base: z.ZodType<number | string> =
    feature.kind === "number" ? z.number() : z.enum(feature.categories);
  const isBare = !feature.isOptional;
  const field = isBare ? base : base.nullable().default(null);
  return field.describe(describeFeature(feature));
}

/** What the training data showed of a feature, in one line. */
export function describeFeature(feature: Feature): string {
  const missing = feature.isOptional
    ? ` When it is missing, ${formatValue(feature.fallback)} stands in.`
    : "";
  if (feature.kind === "category") {
    return `One of ${feature.categories.length} categories.${missing}`;
  }
  const { minimum, median, maximum } = feature;
  const range = `${formatNumber(minimum)} to ${formatNumber(maximum)}`;
  return `In the training data ${range}, median ${formatNumber(median)}.${missing}`;
}

function formatValue(value: number | string): string {
  return typeof value === "number" ? formatNumber(value) : value;
}
