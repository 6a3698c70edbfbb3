import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

export interface LockOptions {
  readonly signal: AbortSignal;
  /** Called once when another process has the lock. */
  readonly onWait?: (pid: number) => void;
}

/**
 * Resolves when this process alone holds the lock `file`; disposing gives it back. Waits while
 * another living process has it, and takes over what a dead one left.
 */
export async function takeLock(file: string, options: LockOptions): Promise<Disposable> {
  let hasToldWait = false;
  for (;;) {
    options.signal.throwIfAborted();
    if (tryTake(file)) return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
    const holder = readHolder(file);
    if (holder === undefined || !isHeld(holder)) {
      takeAway(file);
    } else if (!hasToldWait) {
      hasToldWait = true;
      options.onWait?.(holder.pid);
    }
    await delay(100, undefined, { signal: options.signal });
  }
}

interface Holder {
  readonly pid: number;
  /** When that process started, so that another one with the same pid is not taken for it. */
  readonly started: string;
}

function tryTake(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${startOf(process.pid)}`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false; // Errors of node:fs have a code.
    throw error;
  }
}

/** Undefined where the lock is gone or its maker died before it wrote its name. */
function readHolder(file: string): Holder | undefined {
  try {
    const [pid, started = ""] = readFileSync(file, "utf8").split(" ");
    if (pid !== undefined && Number(pid) > 0) return { pid: Number(pid), started };
    return Date.now() - statSync(file).mtimeMs < 5000
      ? { pid: process.pid, started: "" }
      : undefined;
  } catch {
    return undefined; // It was given back between the two looks.
  }
}

function isHeld(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false; // As above.
  }
  const started = startOf(holder.pid);
  return started === "" || holder.started === "" || started === holder.started;
}

/** Removes a dead process's lock. Only one process at a time looks and removes, so that none removes a fresh one. */
function takeAway(file: string): void {
  const turn = `${file}.takeover`;
  try {
    mkdirSync(turn);
  } catch {
    dropOld(turn);
    return; // Somebody else is at it; look again later.
  }
  try {
    const holder = readHolder(file);
    if (holder === undefined || !isHeld(holder)) rmSync(file, { force: true });
  } finally {
    rmdirSync(turn);
  }
}

function dropOld(turn: string): void {
  try {
    if (Date.now() - statSync(turn).mtimeMs > 10_000) rmdirSync(turn);
  } catch {
    // It is gone: its owner is done.
  }
}

/** Clock ticks since boot at which the process started; empty where the system does not tell. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
