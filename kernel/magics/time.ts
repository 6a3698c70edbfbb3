import { z } from "zod";
import { KernelError, type Magic, type MagicCall } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { formatDuration } from "./duration.ts";
import { ownMagic, rawText } from "./own-magic.ts";

export function time(host: KernelHost): Magic {
  return ownMagic({
    name: "time",
    summary: "Tells how long a cell or an expression takes.",
    body: "code",
    positionals: ["expression"],
    options: z.object({
      expression: rawText("JavaScript over the notebook's variables; none with %%time").optional(),
    }),
    examples: ["%time await load()", "%%time\nawait load()"],
    run: async ({ expression }, call) => {
      const run = timedCode(host, expression, call);
      const cpu = process.cpuUsage();
      const start = performance.now();
      try {
        return await run();
      } finally {
        const wall = performance.now() - start;
        const { user, system } = process.cpuUsage(cpu);
        const spent = `CPU ${formatDuration((user + system) / 1000)}`;
        host.display.write("stdout", `Time ${formatDuration(wall)}, ${spent}\n`);
      }
    },
  });
}

/** The cell below the magic, or the expression on its line. */
export function timedCode(
  host: KernelHost,
  expression: string | undefined,
  call: MagicCall,
): () => Promise<unknown> {
  if (expression !== undefined && call.body === undefined) {
    return async () => host.evaluate(expression);
  }
  if (call.body !== undefined && expression === undefined) return () => call.runBody();
  throw new KernelError("USAGE", "There is nothing to time, or two things.", {
    hint: "Write an expression behind one percent sign, or the code below two: %%time.",
  });
}
