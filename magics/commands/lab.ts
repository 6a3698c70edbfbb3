import { z } from "zod";
import { defineCommand } from "../../kernel/extension.ts";
import { runSession } from "./session-command.ts";
import { sessionOptions } from "./session-options.ts";

export const labCommand = defineCommand({
  name: "lab",
  summary: "Opens JupyterLab on this machine.",
  options: z.object({
    ...sessionOptions,
    token: z
      .string()
      .min(8)
      .optional()
      .describe("token to log in; left out: JUPYTER_TOKEN, else a random one")
      .meta({ placeholder: "TOKEN", secret: true }),
    iKnowThisIsPublic: z
      .boolean()
      .default(false)
      .describe("share it even where it asks for no token"),
  }),
  examples: ["%colabcode lab --port 10000", "%colabcode lab --tunnel none --wait"],
  async run({ token, iKnowThisIsPublic, ...options }, call) {
    const { jupyterLabService } = await import("../services/jupyterlab.ts");
    await runSession(options, call, {
      kind: "lab",
      service: jupyterLabService({ token, folder: call.host.folder }),
      defaultPort: 10000,
      isPublicByIntent: iKnowThisIsPublic,
    });
  },
});
