import { resolve } from "node:path";
import { z } from "zod";
import { defineCommand } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import { isModel, lastModel } from "../model/last-model.ts";
import type { Model } from "../model/model.ts";
import { loadSubject } from "./load-subject.ts";

export const exportCommand = defineCommand({
  name: "export",
  summary: "Writes a project that serves the model without a notebook.",
  positionals: ["folder"],
  options: z.object({
    folder: z
      .string()
      .describe("folder to write; it must be new or empty")
      .meta({ placeholder: "DIR", complete: "path" }),
    model: z
      .string()
      .optional()
      .describe("variable or saved model; left out: the last trained one")
      .meta({ placeholder: "MODEL", complete: "variable" }),
  }),
  examples: ["%colabcode export service", "%colabcode export service --model model.json"],
  async run({ folder, model }, { host }) {
    const subject = await findModel(model, host.folder, (name) => host.variables.get(name));
    const { exportProject } = await import("../export/export-project.ts");
    const target = resolve(host.folder, folder);
    await exportProject(subject, target);
    host.display.write("stdout", `Wrote ${target}. In it: npm install, then npm start.\n`);
  },
});

async function findModel(
  name: string | undefined,
  folder: string,
  variable: (name: string) => unknown,
): Promise<Model> {
  const isFile = name?.endsWith(".json") === true;
  const subject =
    name === undefined
      ? lastModel()
      : isFile
        ? await loadSubject(resolve(folder, name))
        : variable(name);
  if (isModel(subject)) return subject;
  throw new ColabCodeError(
    "NO_APP",
    name === undefined ? "There is no model to export." : `${name} is not a model.`,
    { hint: "Train one with %colabcode train FILE --target COLUMN, or give --model model.json." },
  );
}
