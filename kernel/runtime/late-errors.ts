import { contextCell, outputExecution } from "./cell-context.ts";
import { errorContent, executionOf } from "./error-content.ts";
import { send } from "./event-writer.ts";
import { isInterruption } from "./interruption.ts";

/** Errors that nobody caught are told in the cell they come from, and end nothing. */
export function reportLateErrors(): void {
  const report = (thrown: unknown) => {
    if (isInterruption(thrown)) return;
    const execution = contextCell()?.info.execution ?? executionOf(thrown) ?? outputExecution();
    send({ type: "event", event: { type: "error", execution, error: errorContent(thrown) } });
  };
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}
