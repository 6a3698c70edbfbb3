import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { workerData } from "node:worker_threads";
import { childrenOf, processTree, signalAll } from "./process-tree.ts";
import { descriptors } from "./runtime-message.ts";
import { type SharedState, slot } from "./shared-state.ts";
import { terminateUserCode } from "./terminator.ts";

/**
 * Watches the pipe to the kernel process from a thread of its own, so that it answers while the
 * main thread spins: its end kills the process, a line with a number interrupts that execution.
 */
// The starter hands over nothing else.
const { state, startedAtMs } = workerData as { state: SharedState; startedAtMs: number };

/**
 * When to look whether the interrupted cell is still busy; later ones repeat what may have missed.
 * The first lets a cell that a child process blocked go on to its end by itself.
 */
const attempts = [
  { afterMs: 30, childSignal: "SIGINT", isChildrenOnly: true },
  { afterMs: 250, childSignal: "SIGINT", isChildrenOnly: false },
  { afterMs: 700, childSignal: "SIGTERM", isChildrenOnly: false },
  { afterMs: 1500, childSignal: "SIGKILL", isChildrenOnly: false },
  { afterMs: 2500, childSignal: "SIGKILL", isChildrenOnly: false },
  { afterMs: 3500, childSignal: "SIGKILL", isChildrenOnly: false },
] as const;

let lastBeat = 0;

const lifeline = new Socket({ fd: descriptors.lifeline, readable: true, writable: false });
lifeline.on("error", die);
lifeline.on("close", die);
createInterface({ input: lifeline }).on("line", (line) => interrupt(Number(line)));

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

function interrupt(execution: number): void {
  if (Atomics.exchange(state, slot.interrupted, execution) === execution) return;
  for (const each of attempts) setTimeout(() => attempt(execution, each), each.afterMs);
}

function attempt(
  execution: number,
  { childSignal, isChildrenOnly }: (typeof attempts)[number],
): void {
  if (Atomics.load(state, slot.finished) >= execution) return;
  if (Atomics.load(state, slot.acknowledged) === execution && isBeating()) return;
  // It may not have begun, when what an earlier cell left behind holds the thread.
  const isBegun = Atomics.load(state, slot.running) === execution;
  if (isBegun && endChildren(childSignal) && isChildrenOnly) return;
  terminateUserCode(state);
}

/** The main thread's event loop turned since the last look. */
function isBeating(): boolean {
  const beat = Atomics.load(state, slot.beat);
  const isNew = beat !== lastBeat;
  lastBeat = beat;
  return isNew;
}

/**
 * A child process may be what holds the main thread: those started since the cell began are ended.
 * Gives whether there were any.
 */
function endChildren(signal: NodeJS.Signals): boolean {
  const cellAgeMs = Date.now() - startedAtMs - Atomics.load(state, slot.startedAtMs);
  const children = childrenOf(process.pid, cellAgeMs + 50);
  signalAll(children.flatMap(processTree), signal);
  return children.length > 0;
}
