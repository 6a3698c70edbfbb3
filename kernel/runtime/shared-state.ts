/** Numbers that the runtime's main thread and its watchdog both see. */
export const slot = {
  /** Execution under way; 0 when idle. */
  running: 0,
  /** Execution whose interrupt the main thread has seen: its event loop is alive. */
  acknowledged: 1,
  /** 1 while the cell's synchronous part runs, which SIGINT ends. */
  isInVm: 2,
  /** When the execution began, in milliseconds of this process. */
  startedAtMs: 3,
  /** The last execution that is done. */
  finished: 4,
  /** 1 when the watchdog has asked to terminate, after it asked to forget asynchronous contexts. */
  isTerminationPosted: 5,
  /** Goes on while an interrupted cell is on its way to its end and the event loop turns. */
  beat: 6,
} as const;

export type SharedState = Int32Array;

export function createSharedState(): SharedState {
  return new Int32Array(new SharedArrayBuffer(4 * Object.keys(slot).length));
}
