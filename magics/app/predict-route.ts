import { z } from "zod";
import type { ModelSchema, Row } from "../model/model.ts";
import type { TypedApp } from "./create-app.ts";
import type { Request } from "./express.ts";
import { makePredictionSchema, type Prediction, predictRow } from "./prediction.ts";
import { makeQuickPredict } from "./quick-predict.ts";
import { makeRowSchema } from "./row-schema.ts";
import { readRowsCsv, writePredictionsCsv } from "./rows-csv.ts";
import { maxBatchRows, type Served } from "./served.ts";

/** Adds `POST /predict`: one row or a batch, as JSON or CSV, answered in kind. */
export function addPredict(app: TypedApp, { model, schema, metrics, errors }: Served): void {
  const row = makeRowSchema(schema);
  const prediction = makePredictionSchema(schema);
  const quickPredict = makeQuickPredict({ model, metrics });
  const isClassification = schema.task === "classification";
  const example = { ...schema.example };
  const { path: _, ...answer } = predictRow(model, schema.example, {
    proba: false,
    explain: false,
  });
  app.post(
    "/predict",
    {
      operationId: "predict",
      summary: `Predict ${schema.target}`,
      description: `Takes one row, or an array of up to ${maxBatchRows.toLocaleString("en-US")} rows, and answers in kind. CSV is a batch whose first line names the features; ask for CSV with \`Accept: text/csv\`.`,
      tags: ["prediction"],
      body: z.union([row, z.array(row).min(1).max(maxBatchRows)]),
      otherBodies: [
        {
          type: "text/csv",
          read: (text) => readRowsCsv(text, schema, maxBatchRows),
          example: exampleCsv(schema),
          description: "A header that names the features, then one line a row",
        },
      ],
      response: z.union([prediction, z.array(prediction)]),
      // The rows of a batch are many, and what predictRow gives is of this form by its type.
      isResponseTrusted: true,
      quick: (bytes, request) => (wantsCsv(request) ? undefined : quickPredict(bytes)),
      otherReplies: { "text/csv": { example: writePredictionsCsv([answer]) } },
      query: z.object({
        ...(isClassification
          ? { proba: z.boolean().optional().describe("Adds the share of every class") }
          : {}),
        explain: z.boolean().optional().describe("Adds the path through the tree"),
      }),
      example,
      responseExample: { ...answer },
      errors,
    },
    ({ body, query, request, response }) => {
      const wanted = {
        proba: "proba" in query && query.proba === true,
        explain: query.explain === true,
      };
      const predict = (value: unknown) => {
        const result = predictRow(model, value as Row, wanted); // The schema was made from the model's.
        metrics.predictionsOf(isClassification ? String(result.prediction) : "number").value++;
        return result;
      };
      const result = Array.isArray(body) ? body.map(predict) : predict(body);
      if (!wantsCsv(request)) return result;
      const rows: readonly Prediction[] = Array.isArray(result) ? result : [result];
      return response.type("text/csv").send(writePredictionsCsv(rows));
    },
  );
}

function wantsCsv(request: Request): boolean {
  const { accept } = request.headers;
  if (accept === undefined || !accept.includes("csv")) return false;
  return request.accepts(["application/json", "text/csv"]) === "text/csv";
}

function exampleCsv({ features, example }: ModelSchema): string {
  const quote = (value: unknown) => {
    const text = String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const names = features.map(({ name }) => name);
  return [names, names.map((name) => example[name])]
    .map((values) => `${values.map(quote).join(",")}\n`)
    .join("");
}
