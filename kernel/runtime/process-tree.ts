import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly ageMs: number;
}

/** Children of a process that are not older than `youngerThanMs`. */
export function childrenOf(pid: number, youngerThanMs = Number.POSITIVE_INFINITY): number[] {
  return processes()
    .filter(({ parent, ageMs }) => parent === pid && ageMs <= youngerThanMs)
    .map((entry) => entry.pid);
}

/** A process and all that it started and that still has it as an ancestor, leaves first. */
export function processTree(root: number): number[] {
  const all = processes();
  const below = (pid: number): number[] => [
    ...all.filter(({ parent }) => parent === pid).flatMap((entry) => below(entry.pid)),
    pid,
  ];
  return below(root);
}

/** Signals processes; those that are gone already are passed over. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile, which is what was wanted.
    }
  }
}

/** All that run: a child that has ended but was not yet waited for is not among them. */
function processes(): ProcessEntry[] {
  return process.platform === "linux" ? linuxProcesses() : listedProcesses();
}

function linuxProcesses(): ProcessEntry[] {
  const uptimeMs = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1000;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // proc(5): the name in parentheses may hold blanks; then state, parent, and field 22 start time.
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (hasEnded(fields[0])) return [];
        const ageMs = uptimeMs - Number(fields[19]) * 10;
        return [{ pid: Number(name), parent: Number(fields[1]), ageMs }];
      } catch {
        // A process that ended while we looked.
        return [];
      }
    });
}

function listedProcesses(): ProcessEntry[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,etime=,stat="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([pid, , , state]) => pid !== "" && !hasEnded(state))
    .map(([pid, parent, elapsed = ""]) => ({
      pid: Number(pid),
      parent: Number(parent),
      ageMs: elapsedMs(elapsed),
    }));
}

/** Zombies, and on Linux what is just being removed. */
function hasEnded(state = ""): boolean {
  return /^[ZX]/.test(state);
}

/** `[[days-]hours:]minutes:seconds`. */
function elapsedMs(text: string): number {
  const [clock = "", days = "0"] = text.split("-").reverse();
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}
