import { resolve } from "node:path";
import { z } from "zod";
import { defineCommand, type MagicCall, nearest } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import { isModel, lastModel } from "../model/last-model.ts";
import type { Service } from "../services/service.ts";
import { loadSubject } from "./load-subject.ts";
import { runSession } from "./session-command.ts";
import { sessionOptions } from "./session-options.ts";

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
    const service = await serviceFor(subject, options);
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

/** A model gets a process of its own; anything else runs here, where its variables are. */
export async function serviceFor(
  subject: unknown,
  options: { workers?: number; auth?: string; apiKey?: string },
): Promise<Service> {
  if (isModel(subject)) {
    const { modelAppService } = await import("../services/model-app.ts");
    const { workers = 1, auth, apiKey } = options;
    return modelAppService(subject.toJSON(), { workers, auth, apiKey });
  }
  const { userAppService } = await import("../services/user-app.ts");
  return userAppService(subject, { auth: options.auth });
}
