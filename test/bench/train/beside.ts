/**
 * What others feel while a million rows train in a notebook: how long a server in another cell and
 * the kernel take to answer, and how soon an interrupt ends the training:
 * `node dist/test/bench/train/beside.js [ROWS]`. Run it alone.
 */
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setInterval } from "node:timers/promises";
import { run } from "../../support/cell-outputs.ts";
import { startKernel } from "../../support/start-kernel.ts";
import { benchData } from "./data.ts";

const rows = Number(process.argv[2] ?? 1_000_000);
const wanted = { p99Ms: 20, interruptMs: 1000 };
const askEveryMs = 5;
let missed = 0;

function* lines(): Generator<string> {
  const { columns, labels } = benchData(rows);
  yield "a,b,c,d,e,f,g,h,genre\n";
  for (let row = 0; row < rows; row++) {
    yield `${columns.map((column) => column[row]).join(",")},${labels[row] === 1 ? "Rock" : "Hip-Hop"}\n`;
  }
}

const agent = new Agent({ keepAlive: true });

function ask(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", agent }, (response) => {
      response.resume().on("end", resolve).on("error", reject);
    }).on("error", reject);
  });
}

/** Asks at a steady pace, answered or not, until `work` is done; the times of all answers in ms. */
async function timesDuring(
  work: Promise<unknown>,
  question: () => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  const open: Promise<void>[] = [];
  const done = new AbortController();
  const end = work.finally(() => done.abort());
  try {
    for await (const _ of setInterval(askEveryMs, undefined, { signal: done.signal })) {
      const startedAt = performance.now();
      open.push(
        question().then(() => {
          times.push(performance.now() - startedAt);
        }),
      );
    }
  } catch {
    // Aborted: the work is done.
  }
  await Promise.all(open);
  await end;
  return times;
}

function figures(times: readonly number[]): { p99: number; text: string } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
  const [p50, p99, longest] = [at(0.5), at(0.99), sorted.at(-1) ?? Number.NaN];
  const text = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(0)} ms of ${times.length}`;
  return { p99, text };
}

function judge(name: string, text: string, isMet: boolean, goal: string): void {
  if (!isMet) missed++;
  console.log(`  ${name.padEnd(36)} ${text.padEnd(54)} ${isMet ? "met" : "NOT MET"}: ${goal}`);
}

const folder = mkdtempSync(join(tmpdir(), "colabcode-bench-"));
try {
  const csv = join(folder, "tracks.csv");
  await pipeline(Readable.from(lines()), createWriteStream(csv));
  await using kernel = await startKernel();
  const port = Number(
    await run(
      kernel,
      `import { createServer } from "node:http";
const server = createServer((_, response) => { response.end("ok"); });
await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
import { readTable } from "colabcode";
const table = await readTable(${JSON.stringify(csv)});
const { port } = server.address() as { port: number };
console.log(port);`,
    ),
  );
  const questions = [
    ["another cell's server", () => ask(port)],
    ["the kernel", () => kernel.request("kernel_info_request", {}, { channel: "control" })],
  ] as const;
  const usual = "%colabcode train table --target genre";
  const grownOut = `${usual} --max-depth 1000 --gain-threshold 0 --min-samples 1`;
  const works = [
    ["the usual tree", usual],
    ["grown out", grownOut],
    ["read from the file", `%colabcode train ${csv} --target genre`],
  ] as const;
  const nothing = "await new Promise((resolve) => { setTimeout(resolve, 3000); });";
  for (const [who, question] of questions) {
    const atRest = figures(await timesDuring(run(kernel, nothing), question));
    console.log(`  ${`${who}, nothing trains`.padEnd(36)} ${atRest.text}`);
    for (const [what, code] of works) {
      const found = figures(await timesDuring(run(kernel, code), question));
      const isMet = found.p99 < wanted.p99Ms;
      judge(`${who}, ${what}`, found.text, isMet, `${wanted.p99Ms} ms`);
    }
  }

  const interrupts: number[] = [];
  for (const [code, step] of [
    [grownOut, "growing the tree"],
    [`${usual} --trees 100`, "growing 100 trees"],
  ] as const) {
    let resolve = () => {};
    const isThere = new Promise<void>((done) => {
      resolve = done;
    });
    const training = kernel.execute(code, {
      onOutput: (output) => {
        if (JSON.stringify(output).includes(step)) resolve();
      },
    });
    await Promise.race([isThere, training]);
    const startedAt = performance.now();
    await kernel.interrupt();
    const { reply } = await training;
    if (reply.status !== "error") throw new Error(`"${step}" was not interrupted`);
    interrupts.push(performance.now() - startedAt);
  }
  const longest = Math.max(...interrupts);
  const isMet = longest < wanted.interruptMs;
  judge("an interrupt", `ends it in ${longest.toFixed(0)} ms`, isMet, `${wanted.interruptMs} ms`);
} finally {
  agent.destroy();
  rmSync(folder, { recursive: true });
}
if (missed > 0) process.exitCode = 1;
