import { Session } from "node:inspector";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { workerData } from "node:worker_threads";
import { forgetExpression } from "./forget-async-context.ts";
import { childrenOf, processTree, signalAll } from "./process-tree.ts";
import { descriptors } from "./runtime-message.ts";
import { type SharedState, slot } from "./shared-state.ts";

/**
 * Watches the pipe to the kernel process from a thread of its own, so that it answers while the
 * main thread spins: its end kills the process, a line with a number interrupts that execution.
 */
// The starter hands over nothing else.
const { state, startedAtMs } = workerData as { state: SharedState; startedAtMs: number };

/** When to look whether the interrupted cell is still busy; later ones repeat what may have missed. */
const attempts = [
  { afterMs: 250, childSignal: "SIGINT" },
  { afterMs: 700, childSignal: "SIGTERM" },
  { afterMs: 1500, childSignal: "SIGKILL" },
  { afterMs: 2500, childSignal: "SIGKILL" },
  { afterMs: 3500, childSignal: "SIGKILL" },
] as const;

let lastBeat = 0;
let inspector: Session | undefined;

const lifeline = new Socket({ fd: descriptors.lifeline, readable: true, writable: false });
lifeline.on("error", die);
lifeline.on("close", die);
createInterface({ input: lifeline }).on("line", (line) => interrupt(Number(line)));

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

function interrupt(execution: number): void {
  for (const { afterMs, childSignal } of attempts) {
    setTimeout(() => attempt(execution, childSignal), afterMs);
  }
}

function attempt(execution: number, childSignal: NodeJS.Signals): void {
  if (Atomics.load(state, slot.finished) >= execution) return;
  if (Atomics.load(state, slot.acknowledged) === execution && isBeating()) return;
  // It may not have begun, when what an earlier cell left behind holds the thread.
  if (Atomics.load(state, slot.running) === execution) endBlockingChildren(childSignal);
  if (Atomics.load(state, slot.isInVm) === 1) {
    process.kill(process.pid, "SIGINT");
  } else {
    terminate();
  }
}

/** The main thread's event loop turned since the last look. */
function isBeating(): boolean {
  const beat = Atomics.load(state, slot.beat);
  const isNew = beat !== lastBeat;
  lastBeat = beat;
  return isNew;
}

/** Ends what the main thread runs outside of the cell's synchronous part, microtasks included. */
function terminate(): void {
  // A second termination on top of one that waits to be handled corrupts the process.
  if (inspector !== undefined) return;
  const session = new Session();
  inspector = session;
  session.connectToMainThread();
  // The first waits for the second to be there, so that no user code runs between them.
  Atomics.store(state, slot.isTerminationPosted, 0);
  session.post("Runtime.evaluate", { expression: forgetExpression }, () => undefined);
  session.post("Runtime.terminateExecution", () => {
    // An open session would hold up the exit of the process.
    session.disconnect();
    inspector = undefined;
  });
  Atomics.store(state, slot.isTerminationPosted, 1);
}

/** A blocking child process holds the main thread: those started since the cell began are ended. */
function endBlockingChildren(signal: NodeJS.Signals): void {
  const cellAgeMs = Date.now() - startedAtMs - Atomics.load(state, slot.startedAtMs);
  signalAll(childrenOf(process.pid, cellAgeMs + 50).flatMap(processTree), signal);
}
