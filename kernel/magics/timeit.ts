import { z } from "zod";
import type { Magic } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { formatDuration } from "./duration.ts";
import { ownMagic, rawText } from "./own-magic.ts";
import { timedCode } from "./time.ts";

const leastRoundMs = 200;

export function timeit(host: KernelHost): Magic {
  return ownMagic({
    name: "timeit",
    summary: "Runs a cell or an expression many times and tells how long one run takes.",
    body: "code",
    positionals: ["expression"],
    options: z.object({
      number: z.number().int().min(1).optional().meta({ short: "n" }).describe("runs in a round"),
      repeat: z.number().int().min(1).default(5).meta({ short: "r" }).describe("rounds"),
      expression: rawText(
        "JavaScript over the notebook's variables; none with %%timeit",
      ).optional(),
    }),
    examples: ["%timeit rows.filter((row) => row.tempo > 100)", "%%timeit -n 10\nwork()"],
    run: async ({ number, repeat, expression }, call) => {
      const run = timedCode(host, expression, call);
      const count = number ?? (await findNumber(run, call.signal));
      const rounds: number[] = [];
      for (let round = 0; round < repeat; round++) {
        rounds.push((await timeRuns(run, count, call.signal)) / count);
      }
      const mean = rounds.reduce((sum, each) => sum + each, 0) / rounds.length;
      const best = Math.min(...rounds);
      const size = `${repeat} rounds of ${count.toLocaleString("en-US")}`;
      const text = `${formatDuration(mean)} per run, ${formatDuration(best)} at best (${size})\n`;
      host.display.write("stdout", text);
    },
  });
}

/** So many runs that a round is long enough to be measured. */
async function findNumber(run: () => Promise<unknown>, signal: AbortSignal): Promise<number> {
  for (let count = 1; ; count *= 10) {
    if ((await timeRuns(run, count, signal)) >= leastRoundMs || count >= 1_000_000) return count;
  }
}

async function timeRuns(
  run: () => Promise<unknown>,
  count: number,
  signal: AbortSignal,
): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < count; index++) {
    signal.throwIfAborted();
    await run();
  }
  return performance.now() - start;
}
