import { type ChildProcess, spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { KernelError } from "../errors.ts";
import type { Display } from "../extension.ts";
import { processTree, signalAll } from "./process-tree.ts";

export interface ProgramOptions {
  readonly folder: string;
  readonly display: Display;
  readonly signal: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Time that an interrupted program has to end by itself. */
const patienceMs = 1_000;

/** Runs a command by the shell, its output streamed as it comes; rejects when it fails. */
export function runShell(command: string, options: ProgramOptions): Promise<void> {
  const [shell, flag] = process.platform === "win32" ? ["cmd.exe", "/c"] : ["bash", "-c"];
  return runProgram([shell, flag, command], options);
}

/**
 * Runs a program with its output streamed as it comes. Rejects with code `COMMAND_FAILED` when it
 * does not end with 0; an abort of the signal ends it and all that it started.
 */
export async function runProgram(
  [program, ...parameters]: readonly [string, ...string[]],
  { folder, display, signal, environment }: ProgramOptions,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(program, parameters, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder("utf8");
    child[name]?.on("data", (chunk: Buffer) => display.write(name, decoder.write(chunk)));
  }
  const stop = () => endTree(child);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const { code, killedBy } = await ended(child, program);
    signal.throwIfAborted();
    if (code === 0) return;
    const how = killedBy === null ? `exit code ${code}` : `the signal ${killedBy}`;
    throw new KernelError("COMMAND_FAILED", `The command ended with ${how}.`);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

interface End {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
}

/** After its output is read; what it left running in the background may go on writing. */
function ended(child: ChildProcess, program: string): Promise<End> {
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => {
      const hint = "It must be installed and on the PATH.";
      reject(
        new KernelError("COMMAND_FAILED", `${program} could not be started.`, { hint, cause }),
      );
    });
    child.once("exit", (code, killedBy) => {
      const settle = () => resolve({ code, killedBy });
      const timer = setTimeout(settle, 100);
      child.once("close", () => {
        clearTimeout(timer);
        settle();
      });
    });
  });
}

function endTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const tree = processTree(child.pid);
  signalAll(tree, "SIGINT");
  const timer = setTimeout(() => signalAll(tree, "SIGKILL"), patienceMs);
  child.once("exit", () => clearTimeout(timer));
}
