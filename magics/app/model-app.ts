import { z } from "zod";
import type { Model, ModelSchema } from "../model/model.ts";
import { createApp, type TypedApp } from "./create-app.ts";
import type { Request, Response } from "./express.ts";
import type { OnError } from "./fallthrough.ts";
import { makeFormPage } from "./form-page.ts";
import { type GateSettings, makeGates } from "./gates.ts";
import { apiKeyGuard, basicGuard } from "./guard.ts";
import { addInference, inferenceErrorFields } from "./inference.ts";
import { Metrics } from "./metrics.ts";
import { formatMetrics } from "./metrics-text.ts";
import { describeEvaluation } from "./model-summary.ts";
import { addPredict } from "./predict-route.ts";
import type { TakeRequest } from "./rate-limit.ts";
import { Recorder } from "./recorder.ts";
import type { Served } from "./served.ts";

/** What a model's API is asked to be; plain data. */
export interface ModelApiSettings extends GateSettings {
  /** `user:password` that visitors must give. */
  readonly auth?: string | undefined;
  /** Asked for in X-API-Key. */
  readonly apiKey?: string | undefined;
  /** 8 MB unless given. */
  readonly maxBodyBytes?: number | undefined;
  /** File to which requests are added as JSON lines. */
  readonly record?: string | undefined;
  /** `none` keeps real rows of the training data out of pages and documentation. */
  readonly examples?: "real" | "none" | undefined;
}

export interface ModelApiOptions extends ModelApiSettings {
  readonly onError?: OnError | undefined;
  /** Counts requests for `ratePerMinute` where several processes share it. */
  readonly takeRequest?: TakeRequest | undefined;
  /** Gives the text of /metrics where several processes share it. */
  readonly readMetrics?: (() => Promise<string>) | undefined;
}

export interface ModelApp extends Disposable {
  readonly app: TypedApp;
  readonly metrics: Metrics;
  /** What goes wrong beside the answers, in a sentence. */
  trouble(): string | undefined;
}

/** Makes the API of a model: prediction, form page, documentation, health and metrics. */
export function createModelApp(model: Model, options: ModelApiOptions = {}): ModelApp {
  const metrics = new Metrics();
  const recorder =
    options.record === undefined ? undefined : new Recorder(options.record, ["proba", "explain"]);
  const schema = options.examples === "none" ? withoutRealRow(model.schema) : model.schema;
  const served: Served = { model, schema, metrics, errors: describeRefusals(options) };
  const app = createApp({
    title: schema.name,
    version: "1",
    description: `Predicts **${schema.target}** from ${schema.features.length} features. ${describeEvaluation(model.evaluation)}`,
    tags: [{ name: "prediction" }, { name: "open inference protocol" }, { name: "operation" }],
    guards: [
      ...(options.auth === undefined ? [] : [basicGuard(options.auth)]),
      ...(options.apiKey === undefined ? [] : [apiKeyGuard(options.apiKey)]),
    ],
    gates: [
      metrics.gate,
      ...makeGates(options, options.takeRequest),
      ...(recorder === undefined ? [] : [recorder.gate]),
    ],
    maxBodyBytes: options.maxBodyBytes ?? 8_000_000,
    errorFields: inferenceErrorFields,
    ...(options.onError === undefined ? {} : { onError: options.onError }),
  });
  addPredict(app, served);
  addInference(app, served);
  addOperation(app, options.readMetrics ?? (async () => formatMetrics(metrics.snapshot())));
  addPage(app, served, options);
  const end = () => {
    metrics[Symbol.dispose]();
    recorder?.[Symbol.dispose]();
  };
  const trouble = () => recorder?.failure;
  return { app, metrics, trouble, [Symbol.dispose]: end };
}

function describeRefusals({ ratePerMinute, maxConcurrency }: ModelApiOptions): Served["errors"] {
  const errors: Record<number, string> = {};
  if (ratePerMinute !== undefined) errors[429] = `More than ${ratePerMinute} requests a minute`;
  if (maxConcurrency !== undefined) errors[503] = `More than ${maxConcurrency} requests at a time`;
  return errors;
}

/** What stands in for missing values belongs to the data as a whole, and to no row. */
function withoutRealRow(schema: ModelSchema): ModelSchema {
  const example = schema.features.map(({ name, fallback }) => [name, fallback] as const);
  return { ...schema, example: Object.fromEntries(example) };
}

function addOperation(app: TypedApp, readMetrics: () => Promise<string>): void {
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
  app.get("/metrics", async (_request: Request, response: Response) => {
    response.type("text/plain; version=0.0.4").send(await readMetrics());
  });
}

function addPage(app: TypedApp, { model, schema }: Served, options: ModelApiOptions): void {
  app.get("/", (request: Request, response: Response) => {
    const [path = "/"] = request.originalUrl.split("?");
    // Where the app is mounted, its relative links need the slash at the end.
    if (!path.endsWith("/")) return response.redirect(308, `${path.split("/").pop()}/`);
    const { html, policy } = makeFormPage(schema, {
      evaluation: model.evaluation,
      asksForKey: options.apiKey !== undefined,
      hasRealRow: options.examples !== "none",
    });
    response.set({ "Content-Security-Policy": policy, "Cache-Control": "no-store" });
    response.type("html").send(html);
  });
}
