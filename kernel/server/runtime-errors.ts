import { KernelError } from "../errors.ts";
import type { ErrorContent, RuntimeEnd } from "../runtime/runtime.ts";

const red = (text: string) => `\u001b[0;31m${text}\u001b[0m`;

/** The runtime died below a cell. */
export function diedError({ isExpected, reason }: RuntimeEnd): ErrorContent {
  if (isExpected) return errorContent("Shutdown", "The kernel was shut down at this cell.", []);
  return errorContent("RuntimeDied", reason, [
    "The variables, imports and services of all cells are gone.",
    "A fresh runtime is starting: run the cells you need again, from the top.",
  ]);
}

/** What the next cell says of a runtime that died between cells. */
export function diedNote({ reason }: RuntimeEnd): string {
  return `The runtime died while no cell was running: ${reason}\nVariables of earlier cells are gone; this cell runs in a fresh runtime.\n`;
}

/** No runtime can be started. */
export function startError(error: unknown): ErrorContent {
  const reason = error instanceof Error ? error.message : String(error);
  const hint = error instanceof KernelError ? error.hint : undefined;
  return errorContent("RuntimeNotStarted", reason, [
    hint ?? "Run the cell again to try once more.",
  ]);
}

/** An interrupt came before the cell's code ran. */
export function interruptedError(): ErrorContent {
  return errorContent("Interrupted", "The cell was interrupted before its code ran.", []);
}

function errorContent(ename: string, evalue: string, lines: readonly string[]): ErrorContent {
  return { ename, evalue, traceback: [`${red(ename)}: ${evalue}`, ...lines] };
}
