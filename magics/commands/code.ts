import { z } from "zod";
import { defineCommand } from "../../kernel/extension.ts";
import { runSession } from "./session-command.ts";
import { sessionOptions } from "./session-options.ts";

export const codeCommand = defineCommand({
  name: "code",
  summary: "Opens VS Code (code-server) on this machine.",
  options: z.object({
    ...sessionOptions,
    password: z
      .string()
      .min(8)
      .optional()
      .describe("password to log in; left out: PASSWORD, else a random one")
      .meta({ placeholder: "PASSWORD", secret: true }),
    extensions: z
      .array(z.string())
      .optional()
      .describe("VS Code extensions to install first")
      .meta({ placeholder: "A,B" }),
    iKnowThisIsPublic: z
      .boolean()
      .default(false)
      .describe("share it even where it asks for no password"),
  }),
  examples: ["%colabcode code --port 10000", "%colabcode code --tunnel none"],
  async run({ password, extensions, iKnowThisIsPublic, ...options }, call) {
    const { codeServerService } = await import("../services/code-server.ts");
    await runSession(options, call, {
      kind: "code",
      service: codeServerService({ password, extensions, folder: call.host.folder }),
      defaultPort: 10000,
      isPublicByIntent: iKnowThisIsPublic,
    });
  },
});
