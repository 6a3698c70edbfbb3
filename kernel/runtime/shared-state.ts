/** Numbers that the runtime's main thread and its watchdog both see. */
export const slot = {
  /** Execution under way; 0 when idle. */
  running: 0,
  /** Execution whose interrupt the main thread has seen: its event loop is alive. */
  acknowledged: 1,
  /** When the execution began, in milliseconds of this process. */
  startedAtMs: 2,
  /** The last execution that is done. */
  finished: 3,
  /** Counts the watchdog's requests to terminate; one that is not the latest is void. */
  terminationRequest: 4,
  /** What the main thread says to the latest: 0 nothing yet, 1 it waits in user code, 2 it is not in any. */
  terminationAnswer: 5,
  /** 1 when the termination is on its way. */
  isTerminationPosted: 6,
  /** Goes on while an interrupted cell is on its way to its end and the event loop turns. */
  beat: 7,
  /** Execution that is to be interrupted, as the watchdog has heard. */
  interrupted: 8,
} as const;

export type SharedState = Int32Array;

export function createSharedState(): SharedState {
  return new Int32Array(new SharedArrayBuffer(4 * Object.keys(slot).length));
}
