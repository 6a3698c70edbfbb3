import { z } from "zod";
import type { Magic } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { ownMagic } from "./own-magic.ts";

export function history(host: KernelHost): Magic {
  return ownMagic({
    name: "history",
    summary: "Shows the cells that ran since the runtime started.",
    body: "none",
    options: z.object({
      number: z.number().int().min(1).optional().meta({ short: "n" }).describe("only the last N"),
      pattern: z.string().optional().meta({ short: "g" }).describe("only those that contain it"),
    }),
    examples: ["%history", "%history -n 5", "%history -g fetch"],
    run: ({ number, pattern = "" }) => {
      const found = host.history.filter(({ source }) => source.includes(pattern));
      const shown = found.slice(number === undefined ? 0 : -number);
      const text = shown.map(({ executionCount, source }) => `In[${executionCount}]:\n${source}\n`);
      host.display.write("stdout", text.join("\n"));
    },
  });
}
