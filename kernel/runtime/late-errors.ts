import { contextCell, outputExecution } from "./cell-context.ts";
import { errorContent, executionOf } from "./error-content.ts";
import { send } from "./event-writer.ts";
import { isInterruption } from "./interruption.ts";

/** Errors that nobody caught are told in the cell they come from, and end nothing. */
export function reportLateErrors(): void {
  process.on("uncaughtException", reportLateError);
  process.on("unhandledRejection", reportLateError);
}

/** Tells an error in the cell whose code is at work, else in the one its stack names. */
export function reportLateError(thrown: unknown): void {
  if (isInterruption(thrown)) return;
  const execution = contextCell()?.info.execution ?? executionOf(thrown) ?? outputExecution();
  send({ type: "event", event: { type: "error", execution, error: errorContent(thrown) } });
}
