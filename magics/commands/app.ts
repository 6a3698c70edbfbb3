import { resolve } from "node:path";
import { z } from "zod";
import { defineCommand, type MagicCall, nearest } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import { isModel, lastModel } from "../model/last-model.ts";
import type { Service } from "../services/service.ts";
import { parseDuration } from "../sessions/duration.ts";
import { loadSubject } from "./load-subject.ts";
import { runSession } from "./session-command.ts";
import { sessionOptions } from "./session-options.ts";
import { parseSize } from "./size.ts";

const options = z.object({
  app: z
    .string()
    .optional()
    .describe("variable or file to serve; left out: `app`, else the last trained model")
    .meta({ placeholder: "NAME", complete: "variable" }),
  ...sessionOptions,
  workers: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe("processes that answer, for a model")
    .meta({ placeholder: "N" }),
  auth: z
    .string()
    .optional()
    .describe("user:password that visitors must give")
    .meta({ placeholder: "USER:PASSWORD", secret: true }),
  apiKey: z
    .string()
    .optional()
    .describe("key that callers must send as X-API-Key, for a model")
    .meta({ placeholder: "KEY", secret: true }),
  cors: z
    .string()
    .optional()
    .describe("origins whose pages may call, or *")
    .meta({ placeholder: "ORIGIN" }),
  rateLimit: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("requests a minute from one client; more get 429")
    .meta({ placeholder: "N" }),
  maxConcurrency: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("requests at a time; more get 503")
    .meta({ placeholder: "N" }),
  maxBody: z
    .string()
    .optional()
    .describe("largest body, e.g. 500kb; larger ones get 413, for a model")
    .meta({ placeholder: "SIZE" }),
  timeout: z
    .string()
    .optional()
    .describe("time in which a request must arrive, e.g. 10s; later ones get 408")
    .meta({ placeholder: "TIME" }),
  record: z
    .string()
    .min(1)
    .optional()
    .describe("file to which requests are added as JSON lines, for a model")
    .meta({ placeholder: "FILE" }),
  examples: z
    .enum(["real", "none"])
    .default("real")
    .describe("none keeps real rows out of the documentation, for a model"),
});

export const appCommand = defineCommand({
  name: "app",
  summary: "Serves the trained model or your own app, with docs and a public link.",
  positionals: ["app"],
  options,
  examples: [
    "%colabcode app --port 8000",
    "%colabcode app server --tunnel none",
    "%colabcode app --port 0 --ttl 30m",
  ],
  async run(options, call) {
    const subject = await findSubject(options.app, call);
    const { record, ...rest } = options;
    const file = record === undefined ? {} : { record: resolve(call.host.folder, record) };
    const service = await serviceFor(subject, { ...rest, ...file });
    await runSession(options, call, {
      kind: "app",
      service,
      defaultPort: 8000,
      auth: options.auth,
    });
  },
});

/** What is to be served: the cell's body, a variable by name, `app`, or the last trained model. */
async function findSubject(name: string | undefined, call: MagicCall): Promise<unknown> {
  const { variables } = call.host;
  if (call.body !== undefined) {
    const value = await call.runBody();
    return name === undefined && (value === undefined || !isServable(value))
      ? pick("app", call)
      : value;
  }
  if (name !== undefined) {
    return /\.\w+$/.test(name)
      ? await loadSubject(resolve(call.host.folder, name))
      : pick(name, call);
  }
  if (variables.has("app")) return variables.get("app");
  const model = lastModel();
  if (model !== undefined) return model;
  throw new ColabCodeError("NO_APP", "There is nothing to serve: no variable `app`, no model.", {
    hint: "Train one with %colabcode train FILE --target COLUMN, or define `app`.",
  });
}

function isServable(value: unknown): boolean {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

function pick(name: string, call: MagicCall): unknown {
  const { variables } = call.host;
  if (variables.has(name)) return variables.get(name);
  const near = nearest(name, variables.names())[0];
  throw new ColabCodeError("NO_APP", `There is no variable \`${name}\`.`, {
    hint: near === undefined ? "Define it in a cell before." : `Did you mean \`${near}\`?`,
  });
}

/** How an app is served. What protects and documents a model alone is refused for other apps. */
export interface ServeOptions {
  readonly workers?: number;
  readonly auth?: string;
  readonly apiKey?: string;
  readonly cors?: string;
  readonly rateLimit?: number;
  readonly maxConcurrency?: number;
  /** "500kb" or "8mb". */
  readonly maxBody?: string;
  /** "10s" or "1m". */
  readonly timeout?: string;
  /** Path of a file to which requests are added. */
  readonly record?: string;
  readonly examples?: "real" | "none";
}

/** A model gets a process of its own; anything else runs here, where its variables are. */
export async function serviceFor(subject: unknown, options: ServeOptions): Promise<Service> {
  const { auth, cors, maxConcurrency, rateLimit, timeout } = options;
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout, "--timeout");
  const common = { auth, cors, maxConcurrency, ratePerMinute: rateLimit, timeoutMs };
  if (!isModel(subject)) {
    refuseModelOptions(options);
    const { userAppService } = await import("../services/user-app.ts");
    return userAppService(subject, common);
  }
  const { modelAppService } = await import("../services/model-app.ts");
  const { maxBody, workers = 1, apiKey, record, examples } = options;
  const maxBodyBytes = maxBody === undefined ? undefined : parseSize(maxBody, "--max-body");
  const own = { workers, apiKey, record, examples, maxBodyBytes };
  return modelAppService(subject.toJSON(), { ...common, ...own });
}

/** What would protect a model must not be taken for protection of another app. */
function refuseModelOptions(options: ServeOptions): void {
  const given = {
    "--workers": (options.workers ?? 1) > 1,
    "--api-key": options.apiKey !== undefined,
    "--max-body": options.maxBody !== undefined,
    "--record": options.record !== undefined,
    "--examples": options.examples === "none",
  };
  const [name] = Object.entries(given).find(([, isGiven]) => isGiven) ?? [];
  if (name === undefined) return;
  throw new ColabCodeError("USAGE", `${name} is for a model, and this is an app of your own.`, {
    hint: "Leave it out. Any Express middleware can do it in your app; --auth protects every app.",
  });
}
