import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** The environment variable that marks every process of a program, whatever group it moved to. */
export const familyVariable = "COLABCODE_FAMILY";

/** A program and all it has started: its process group, and every process that inherited `mark`. */
export interface ProcessFamily {
  /** Leader of the process group; 0 where it is not known. */
  readonly pid: number;
  readonly mark: string;
}

/** Asks the family to end, and after `graceMs` ends it by force. Returns when the last process is gone. */
export async function endFamily(family: ProcessFamily, graceMs: number): Promise<void> {
  if (process.platform === "win32") return endTree(family.pid);
  signalFamily(family, "SIGTERM");
  if (await isGone(family, graceMs)) return;
  // A process may fork while it is being looked for, hence more than once.
  for (let round = 0; round < 20; round++) {
    signalFamily(family, "SIGKILL");
    if (await isGone(family, 100)) return;
  }
}

async function isGone(family: ProcessFamily, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    if (familyMembers(family).length === 0) return true;
    if (Date.now() >= deadline) return false;
    await delay(20);
  }
}

function signalFamily(family: ProcessFamily, signal: "SIGTERM" | "SIGKILL"): void {
  // Not for a leader that is unknown: 0 would mean the group of this process.
  if (family.pid > 0) trySignal(-family.pid, signal);
  for (const pid of familyMembers(family)) {
    if (groupOf(pid) !== family.pid) trySignal(pid, signal);
  }
}

function trySignal(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already, which is what was wanted.
  }
}

/** Living processes of the family; zombies do not count, they hold nothing. */
export function familyMembers(family: ProcessFamily): number[] {
  if (process.platform !== "linux")
    return family.pid > 0 && hasGroup(family.pid) ? [family.pid] : [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => {
      const status = statusOf(pid);
      if (status === undefined || status.state === "Z" || status.state === "X") return false;
      return (family.pid > 0 && status.group === family.pid) || bearsMark(pid, family.mark);
    });
}

function hasGroup(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

function groupOf(pid: number): number | undefined {
  return process.platform === "linux" ? statusOf(pid)?.group : pid;
}

function statusOf(pid: number): { state: string; group: number } | undefined {
  const text = readProc(pid, "stat");
  // The second field is the command in parentheses and may hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields.length < 3 ? undefined : { state: fields[0] ?? "", group: Number(fields[2]) };
}

/** Families nest: what a program of ours starts through us bears `OUTER/INNER`. */
function bearsMark(pid: number, mark: string): boolean {
  const entry = `${familyVariable}=${mark}`;
  return readProc(pid, "environ")
    .split("\0")
    .some((text) => text === entry || text.startsWith(`${entry}/`));
}

function readProc(pid: number, file: "stat" | "environ"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // It ended between the two looks, or belongs to somebody else: not ours either way.
  }
}

function endTree(pid: number): void {
  try {
    execFileSync("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
  } catch {
    // taskkill fails where the process is gone already.
  }
}
