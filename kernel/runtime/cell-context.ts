import { AsyncLocalStorage } from "node:async_hooks";
import type { CellInfo, MimeBundle, VariableDefinition } from "../extension.ts";
import type { SourceFrames } from "./source-frames.ts";

/** What a cell's code carries with it, through timers and promises, also after the cell is done. */
export interface CellContext {
  readonly info: CellInfo;
  readonly isInputAllowed: boolean;
  readonly frames: SourceFrames;
  readonly abort: AbortController;
  readonly variables: Map<string, VariableDefinition>;
  readonly payload: MimeBundle[];
  /** Magics and shell lines under way; an interrupt lets them clean up before the cell is done. */
  readonly pending: Set<Promise<unknown>>;
  isReset: boolean;
}

const storage = new AsyncLocalStorage<CellContext>();
let latest: CellContext | undefined;
let running: CellContext | undefined;

/** Runs `body` as part of the cell. */
export function inCell<Result>(context: CellContext, body: () => Result): Result {
  return storage.run(context, body);
}

export function setRunningCell(context: CellContext | undefined): void {
  running = context;
  if (context !== undefined) latest = context;
}

export function runningCell(): CellContext | undefined {
  return running;
}

/** The cell this code belongs to, by asynchronous context. */
export function contextCell(): CellContext | undefined {
  return storage.getStore();
}

/** The cell that output made here belongs to: by context, else the running, else the last one. */
export function outputCell(): CellContext | undefined {
  return storage.getStore() ?? running ?? latest;
}

/** `execution` of `outputCell()`; 0 before the first cell. */
export function outputExecution(): number {
  return outputCell()?.info.execution ?? 0;
}
