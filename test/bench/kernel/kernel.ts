/**
 * Measures this kernel beside tslab, Deno and ipykernel, turn by turn in one run, and prints ratios
 * and targets: `node dist/test/bench/kernel/kernel.js [STARTS [KERNELS [PARTS]]]`, where
 * KERNELS are some of ours,tslab,deno,ipykernel and PARTS of starts,session,printing. Run it alone.
 */
import { setTimeout as delay } from "node:timers/promises";
import { buildKernelProgram } from "../../../kernel/kernel-program.ts";
import { buildSnapshot } from "../../../kernel/language/build-snapshot.ts";
import { findSnapshot } from "../../../kernel/language/snapshot.ts";
import { type Figures, report } from "./report.ts";
import { measurePrinting, Session } from "./session.ts";
import { measureStart } from "./starting.ts";
import { median } from "./statistics.ts";
import { findSubjects, type Subject } from "./subjects.ts";

const starts = Number(process.argv[2] ?? 7);
const only = process.argv[3]?.split(",");
const parts = process.argv[4]?.split(",") ?? ["starts", "session", "printing"];
const subjects = findSubjects().filter(({ name }) => only?.includes(name) ?? true);

/** As a kernel that was used before has it. */
async function prepareSnapshot(): Promise<void> {
  if (findSnapshot() === undefined) await buildSnapshot(new AbortController().signal);
  await buildKernelProgram();
}

async function measureStarts(): Promise<Map<Subject, Partial<Figures>>> {
  const times = new Map(subjects.map((each) => [each, { info: [0], result: [0] }]));
  // The first round fills caches and is not counted.
  for (let round = -1; round < starts; round++) {
    for (const [subject, { info, result }] of times) {
      const figures = await measureStart(subject.argv).catch((error: Error) => {
        // tslab loses its first message now and then; its other starts count.
        if (subject.name === "ours") throw error;
        process.stdout.write(`${error.message}\n`);
      });
      if (figures === undefined) continue;
      if (round < 0) {
        info.length = 0;
        result.length = 0;
        continue;
      }
      info.push(figures.kernelInfo);
      result.push(figures.firstResult);
    }
  }
  return new Map(
    [...times].map(([subject, { info, result }]) => [
      subject,
      {
        kernelInfo: median(info),
        kernelInfoBest: Math.min(...info),
        firstResult: median(result),
        firstResultBest: Math.min(...result),
      },
    ]),
  );
}

async function measureSessions(): Promise<Map<Subject, Partial<Figures>>> {
  const sessions = new Map<Subject, Session>();
  for (const subject of subjects) sessions.set(subject, await Session.start(subject));
  const all = [...sessions.values()];
  const repeat = async (times: number, step: (session: Session) => Promise<void>) => {
    for (let round = 0; round < times; round++) for (const session of all) await step(session);
  };
  // What a kernel still does after its first answer is not part of its answers.
  await delay(3_000);
  await repeat(1, (session) => session.weigh("idle"));
  await repeat(200, (session) => session.roundTrip());
  await repeat(30, (session) => session.complete("early"));
  await repeat(200, (session) => session.sessionCell());
  await repeat(30, (session) => session.complete("late"));
  await repeat(1, (session) => session.weigh("late"));
  await repeat(30, (session) => session.typedCell());
  const figures = new Map<Subject, Partial<Figures>>();
  for (const [subject, session] of sessions) figures.set(subject, await session.end());
  return figures;
}

await prepareSnapshot();
const started = parts.includes("starts") ? await measureStarts() : undefined;
const worked = parts.includes("session") ? await measureSessions() : undefined;
const table = new Map<string, Partial<Figures>>();
for (const subject of subjects) {
  const printing = parts.includes("printing") ? await measurePrinting(subject) : undefined;
  table.set(subject.name, {
    ...started?.get(subject),
    ...worked?.get(subject),
    printing: printing?.ms,
    printedLines: printing?.lines,
  });
}
report(table);
