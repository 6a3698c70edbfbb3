import { z } from "zod";
import type { Model, Row } from "../model/model.ts";
import { createApp, type TypedApp } from "./create-app.ts";
import type { Request, Response } from "./express.ts";
import type { OnError } from "./fallthrough.ts";
import { makeFormPage } from "./form-page.ts";
import { apiKeyGuard, basicGuard } from "./guard.ts";
import { Metrics } from "./metrics.ts";
import { describeEvaluation } from "./model-summary.ts";
import { makePredictionSchema, predictRow } from "./prediction.ts";
import { makeRowSchema } from "./row-schema.ts";

export const maxBatchRows = 10_000;

export interface ModelApiOptions {
  /** `user:password` that visitors must give. */
  readonly auth?: string | undefined;
  /** Asked for in X-API-Key. */
  readonly apiKey?: string | undefined;
  /** 8 MB unless given. */
  readonly maxBodyBytes?: number | undefined;
  readonly onError?: OnError | undefined;
}

export interface ModelApp {
  readonly app: TypedApp;
  readonly metrics: Metrics;
}

/** Makes the API of a model: prediction, form page, documentation, health and metrics. */
export function createModelApp(model: Model, options: ModelApiOptions = {}): ModelApp {
  const { schema } = model;
  const metrics = new Metrics();
  const app = createApp({
    title: schema.name,
    version: "1",
    description: `Predicts **${schema.target}** from ${schema.features.length} features. ${describeEvaluation(model.evaluation)}`,
    tags: [{ name: "prediction" }, { name: "operation" }],
    guards: [
      ...(options.auth === undefined ? [] : [basicGuard(options.auth)]),
      ...(options.apiKey === undefined ? [] : [apiKeyGuard(options.apiKey)]),
    ],
    before: [metrics.middleware],
    maxBodyBytes: options.maxBodyBytes ?? 8_000_000,
    ...(options.onError === undefined ? {} : { onError: options.onError }),
  });
  addPredict(app, model, metrics);
  addOperation(app, metrics);
  addPage(app, model, options);
  return { app, metrics };
}

function addPredict(app: TypedApp, model: Model, metrics: Metrics): void {
  const { schema } = model;
  const row = makeRowSchema(schema);
  const prediction = makePredictionSchema(schema);
  const isClassification = schema.task === "classification";
  const example = { ...schema.example };
  app.post(
    "/predict",
    {
      operationId: "predict",
      summary: `Predict ${schema.target}`,
      description: `Takes one row, or an array of up to ${maxBatchRows.toLocaleString("en-US")} rows, and answers in kind.`,
      tags: ["prediction"],
      body: z.union([row, z.array(row).min(1).max(maxBatchRows)]),
      response: z.union([prediction, z.array(prediction)]),
      // The rows of a batch are many, and what predictRow gives is of this form by its type.
      isResponseTrusted: true,
      query: z.object({
        ...(isClassification
          ? { proba: z.boolean().optional().describe("Adds the share of every class") }
          : {}),
        explain: z.boolean().optional().describe("Adds the path through the tree"),
      }),
      example,
      responseExample: { ...predictRow(model, schema.example, { proba: false, explain: false }) },
    },
    ({ body, query }) => {
      const wanted = {
        proba: "proba" in query && query.proba === true,
        explain: query.explain === true,
      };
      const predict = (value: unknown) => {
        const result = predictRow(model, value as Row, wanted); // The schema was made from the model's.
        metrics.countPrediction(isClassification ? String(result.prediction) : "number");
        return { ...result };
      };
      return Array.isArray(body) ? body.map(predict) : predict(body);
    },
  );
}

function addOperation(app: TypedApp, metrics: Metrics): void {
  const tags = ["operation"];
  const status = (word: string) => z.object({ status: z.literal(word) });
  app.get(
    "/healthz",
    {
      operationId: "health",
      summary: "Tell that the server lives",
      tags,
      security: [],
      response: status("ok"),
    },
    () => ({ status: "ok" }),
  );
  app.get(
    "/readyz",
    {
      operationId: "ready",
      summary: "Tell that the model is loaded",
      tags,
      security: [],
      response: status("ready"),
    },
    () => ({ status: "ready" }),
  );
  app.get("/metrics", (_request: Request, response: Response) => {
    response.type("text/plain; version=0.0.4").send(metrics.format());
  });
}

function addPage(app: TypedApp, model: Model, options: ModelApiOptions): void {
  app.get("/", (request: Request, response: Response) => {
    const [path = "/"] = request.originalUrl.split("?");
    // Where the app is mounted, its relative links need the slash at the end.
    if (!path.endsWith("/")) return response.redirect(308, `${path.split("/").pop()}/`);
    const { html, policy } = makeFormPage(model, { asksForKey: options.apiKey !== undefined });
    response.set({ "Content-Security-Policy": policy, "Cache-Control": "no-store" });
    response.type("html").send(html);
  });
}
