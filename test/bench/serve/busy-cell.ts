import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { SavedModel } from "../../../magics/model/model.ts";
import { modelAppService } from "../../../magics/services/model-app.ts";

const program = fileURLToPath(new URL("paced-load.js", import.meta.url));

export interface BusyCell {
  readonly quietMs: number;
  readonly busyMs: number;
}

/**
 * The p99 of a model app under 300 requests a second, while the process that started it is idle
 * and while it computes without a pause, as a cell does. The best of so many rounds.
 */
export async function measureBusyCell(
  saved: SavedModel,
  { workers, seconds, rounds }: { workers: number; seconds: number; rounds: number },
): Promise<BusyCell> {
  const context = { signal: AbortSignal.timeout(600_000), onProgress() {} };
  await using running = await modelAppService(saved, { workers }).start(0, context);
  const body = JSON.stringify(saved.schema.example);
  const load = async (duringMs: number) => {
    const words = [program, `${running.url}/predict`, body, String(seconds)];
    const output = promisify(execFile)(process.execPath, words);
    compute(duringMs);
    return Number((await output).stdout);
  };
  await load(0);
  const figures = { quietMs: Number.POSITIVE_INFINITY, busyMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round++) {
    figures.quietMs = Math.min(figures.quietMs, await load(0));
    figures.busyMs = Math.min(figures.busyMs, await load(seconds * 1000 + 1000));
  }
  return figures;
}

function compute(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
