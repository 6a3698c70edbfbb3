import type { Feature, ModelSchema } from "../model/model.ts";
import type { FieldError } from "./field-error.ts";
import { unprocessable } from "./http-error.ts";
import type { Prediction } from "./prediction.ts";

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Makes rows of a CSV text whose first line names the features, in any order. What is not a number
 * stays text, for the row's schema to refuse; an empty value is a missing one. Rejects with an
 * HttpError 422 for what is no such table, or has more than `maximum` rows.
 */
export async function readRowsCsv(
  text: string,
  { features }: ModelSchema,
  maximum: number,
): Promise<Record<string, unknown>[]> {
  // Loaded by the first who sends CSV.
  const { CsvError, parse } = await import("csv-parse/sync");
  let lines: string[][];
  try {
    // One line more than is allowed is enough to know that it is too much.
    lines = parse(text, { bom: true, skip_empty_lines: true, to: maximum + 2 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unprocessable([csvError(error.message.split("\n")[0] ?? "")]);
  }
  const [header = [], ...rows] = lines;
  const names = header.map((name) => name.trim());
  const errors = checkHeader(names, features);
  if (errors.length > 0) throw unprocessable(errors);
  if (rows.length === 0) throw unprocessable([csvError("There is no row below the header")]);
  const columns = names.map((name) => features.find((feature) => feature.name === name));
  return rows.map((values) =>
    Object.fromEntries(
      columns.map((feature, place) => [feature?.name, readValue(feature, values[place] ?? "")]),
    ),
  );
}

function csvError(error: string): FieldError {
  const msg = "CSV decode error";
  return { type: "csv_invalid", loc: ["body"], msg, input: {}, ctx: { error } };
}

/** At most so many wrong columns are listed. */
const maxListed = 100;

function checkHeader(names: readonly string[], features: readonly Feature[]): FieldError[] {
  const loc = (name: string) => ["body", "header", name.slice(0, 200)];
  const given = new Set<string>();
  const errors: FieldError[] = [];
  for (const name of names) {
    const isKnown = features.some((feature) => feature.name === name);
    const isRepeated = given.has(name);
    given.add(name);
    const error = { loc: loc(name), input: name.slice(0, 200) };
    if (!isKnown)
      errors.push({ ...error, type: "extra_forbidden", msg: "Extra inputs are not permitted" });
    else if (isRepeated)
      errors.push({ ...error, type: "duplicate_field", msg: "Field given more than once" });
  }
  for (const { name, isOptional } of features) {
    if (isOptional || given.has(name)) continue;
    errors.push({ type: "missing", loc: loc(name), msg: "Field required", input: null });
  }
  return errors.slice(0, maxListed);
}

function readValue(feature: Feature | undefined, text: string): unknown {
  if (text === "") return null;
  const isNumber = feature?.kind === "number" && numberPattern.test(text.trim());
  return isNumber ? Number(text) : text;
}

/** Predictions as CSV with a header: a column for each thing that was asked for. */
export function writePredictionsCsv(predictions: readonly Prediction[]): string {
  const lines = predictions.map(({ probabilities, path, ...rest }) => ({
    ...rest,
    ...Object.fromEntries(
      Object.entries(probabilities ?? {}).map(([label, share]) => [`probability_${label}`, share]),
    ),
    ...(path === undefined ? {} : { path: path.map(({ text }) => text).join("; ") }),
  }));
  const header = Object.keys(lines[0] ?? {});
  return [header, ...lines.map((line) => Object.values(line))]
    .map((values) => `${values.map(quote).join(",")}\r\n`)
    .join("");
}

function quote(value: unknown): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
