import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import autocannon from "autocannon";

const run = promisify(execFile);

/** Requests that are sent as fast as they are answered. */
export interface Load {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** One way to make such requests; rejects where one of them fails. */
export type Loader = (load: Load) => Promise<LoadResult>;

/** wrk where it is installed, for it costs the other processes least; else autocannon. */
export async function findLoader(folder: string): Promise<{ name: string; send: Loader }> {
  // It tells its version with a failure.
  const found = await run("wrk", ["--version"]).catch((error: { code?: unknown }) => error);
  if ("code" in found && found.code === "ENOENT") return { name: "autocannon", send: sendByCannon };
  return { name: "wrk", send: (load) => sendByWrk(load, folder) };
}

async function sendByCannon({ seconds, ...load }: Load): Promise<LoadResult> {
  const headers = { "content-type": "application/json" };
  const result = await autocannon({ ...load, method: "POST", headers, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${load.url} failed requests`);
  const requests = result.requests.total;
  return { requests, perSecond: requests / result.duration, p99Ms: result.latency.p99 };
}

async function sendByWrk(load: Load, folder: string): Promise<LoadResult> {
  const script = join(folder, "load.lua");
  await writeFile(
    script,
    `wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [==[${load.body}]==]
done = function(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("\\nresult %d %d %d %d", failed, summary.requests, summary.duration, latency:percentile(99)))
end
`,
  );
  const words = ["-t1", `-c${load.connections}`, `-d${load.seconds}s`, "-s", script, load.url];
  const { stdout } = await run("wrk", words);
  const figures = /^result (\d+) (\d+) (\d+) (\d+)$/m.exec(stdout)?.slice(1).map(Number);
  const [failed = 1, requests = 0, microseconds = 1, p99 = 0] = figures ?? [];
  if (failed > 0) throw new Error(`${load.url} failed requests:\n${stdout}`);
  return { requests, perSecond: (requests / microseconds) * 1e6, p99Ms: p99 / 1000 };
}
