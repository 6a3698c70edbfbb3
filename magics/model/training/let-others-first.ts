import { readlinkSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** A third of what others get where there is not enough for all; all of what they leave. */
const niceness = 5;
const lowest = 19;

/**
 * Lets servers and cells go before this thread when there are too few cores for all. Linux can do
 * that for one thread; elsewhere nothing changes.
 */
export function letOthersFirst(): void {
  if (process.platform !== "linux") return;
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    setPriority(thread, Math.min(lowest, getPriority(thread) + niceness));
  } catch {
    // No /proc, or not allowed: it goes on as any other thread.
  }
}
