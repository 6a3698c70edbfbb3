import type { SessionFigures } from "./session.ts";

export interface Figures extends SessionFigures {
  readonly kernelInfo: number;
  readonly kernelInfoBest: number;
  readonly firstResult: number;
  readonly firstResultBest: number;
  readonly printing: number | undefined;
  readonly printedLines: number | undefined;
}

type Row = Readonly<Record<keyof Figures, string>>;

const labels: Row = {
  kernelInfo: "start to kernel_info, median ms",
  kernelInfoBest: "start to kernel_info, best ms",
  firstResult: "start to first 1+1, median ms",
  firstResultBest: "start to first 1+1, best ms",
  roundTrip: "1+1, median ms",
  typedCell: "50-line typed cell, median ms",
  earlyCells: "cells 1-20, median ms",
  lateCells: "cells 181-200, median ms",
  completion: "completion, median ms",
  lateCompletion: "completion after 200 cells, median ms",
  idleMiB: "memory idle, MiB",
  lateMiB: "memory after 200 cells, MiB",
  printing: "100,000 printed lines, ms",
  printedLines: "lines that arrived",
};

/** Ours over another figure: the target of each. */
const targets: readonly {
  readonly name: string;
  readonly ours: keyof Figures;
  readonly kernel: string;
  readonly theirs: keyof Figures;
  readonly limit: number;
}[] = [
  {
    name: "start to kernel_info",
    ours: "kernelInfo",
    kernel: "deno",
    theirs: "kernelInfo",
    limit: 1,
  },
  {
    name: "start to 1+1",
    ours: "firstResult",
    kernel: "ipykernel",
    theirs: "firstResult",
    limit: 1,
  },
  {
    name: "start to 1+1",
    ours: "firstResult",
    kernel: "tslab",
    theirs: "firstResult",
    limit: 0.333,
  },
  { name: "start to 1+1", ours: "firstResult", kernel: "deno", theirs: "firstResult", limit: 1.3 },
  { name: "1+1", ours: "roundTrip", kernel: "tslab", theirs: "roundTrip", limit: 0.7 },
  { name: "typed cell", ours: "typedCell", kernel: "tslab", theirs: "typedCell", limit: 0.5 },
  { name: "late cells", ours: "lateCells", kernel: "ours", theirs: "earlyCells", limit: 1.1 },
  { name: "completion", ours: "completion", kernel: "tslab", theirs: "completion", limit: 1 },
  {
    name: "late completion",
    ours: "lateCompletion",
    kernel: "tslab",
    theirs: "lateCompletion",
    limit: 1,
  },
  { name: "printing", ours: "printing", kernel: "ipykernel", theirs: "printing", limit: 1 },
  { name: "memory idle", ours: "idleMiB", kernel: "tslab", theirs: "idleMiB", limit: 1.2 },
  { name: "memory late", ours: "lateMiB", kernel: "ours", theirs: "idleMiB", limit: 1.4 },
];

/** Prints what was measured, and how it stands to the targets. */
export function report(table: ReadonlyMap<string, Partial<Figures>>): void {
  const names = [...table.keys()];
  console.log(`${"".padEnd(40)}${names.map((name) => name.padStart(11)).join("")}`);
  // The keys of a literal with exactly these keys.
  for (const key of Object.keys(labels) as (keyof Figures)[]) {
    const values = names.map((name) => format(table.get(name)?.[key]).padStart(11));
    console.log(`${labels[key].padEnd(40)}${values.join("")}`);
  }
  console.log("");
  for (const { name, ours, kernel, theirs, limit } of targets) {
    const [a, b] = [table.get("ours")?.[ours], table.get(kernel)?.[theirs]];
    if (a === undefined || b === undefined) continue;
    const ratio = a / b;
    const mark = ratio <= limit ? "met" : "NOT MET";
    const against = kernel === "ours" ? theirs : kernel;
    console.log(
      `${`${name} against ${against}`.padEnd(40)}${ratio.toFixed(2).padStart(11)}  at most ${limit}  ${mark}`,
    );
  }
}

function format(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "-";
  return value.toFixed(value < 100 ? 1 : 0);
}
