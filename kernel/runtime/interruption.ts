import { KernelError } from "../errors.ts";

/** Why a cell's signal is aborted. */
export class Interruption extends KernelError {
  constructor() {
    super("INTERRUPTED", "The cell was interrupted.");
    this.name = "Interrupted";
  }
}

/** True for what reaches the cell's end when it was interrupted: ours, tslab's and Node's own. */
export function isInterruption(thrown: unknown): boolean {
  if (thrown instanceof Interruption) return true;
  const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown };
  return (
    code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ||
    code === "INTERRUPTED" ||
    message === "Interrupted asynchronously"
  );
}
