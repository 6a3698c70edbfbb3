import { readFileSync } from "node:fs";
import { descendants } from "../../support/process-facts.ts";

/** Memory of a process and its descendants; a page that several share counts once (PSS). */
export function residentMiB(pid: number): number {
  const kilobytes = [pid, ...descendants(pid)].map((each) => {
    const text = readFileSync(`/proc/${each}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}
