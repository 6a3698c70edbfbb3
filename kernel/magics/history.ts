import { z } from "zod";
import type { Magic } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { ownMagic } from "./own-magic.ts";

export function history(host: KernelHost): Magic {
  return ownMagic({
    name: "history",
    summary: "Shows the cells that ran in this session, or in all that are remembered.",
    body: "none",
    options: z.object({
      number: z.number().int().min(1).optional().meta({ short: "n" }).describe("only the last N"),
      pattern: z.string().optional().meta({ short: "g" }).describe("only those that contain it"),
      all: z.boolean().default(false).meta({ short: "a" }).describe("of earlier sessions too"),
    }),
    examples: ["%history", "%history -n 5", "%history --all -g fetch"],
    run: async ({ number, pattern = "", all }) => {
      const cells = await host.pastCells({ isOfAllSessions: all, part: pattern, number });
      const text = cells.map(
        ({ session, executionCount, source }) =>
          `In[${all ? `${session}/` : ""}${executionCount}]:\n${source}\n`,
      );
      host.display.write("stdout", text.join("\n"));
    },
  });
}
