import { outputExecution } from "./cell-context.ts";
import { send } from "./event-writer.ts";
import type { PastCell, PastCellsQuery } from "./runtime.ts";

const waiting: ((cells: readonly PastCell[]) => void)[] = [];

/** Asks the kernel process for cells it remembers, in the order they ran. */
export function askPastCells(query: PastCellsQuery): Promise<readonly PastCell[]> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    send({ type: "event", event: { type: "history", execution: outputExecution(), query } });
  });
}

/** Gives the answer to the question that was asked first. */
export function receivePastCells(cells: readonly PastCell[]): void {
  waiting.shift()?.(cells);
}
