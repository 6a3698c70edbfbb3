import type { MagicDescription } from "../extension.ts";
import type {
  ColabAnswer,
  ExecuteOutcome,
  ExecuteRequest,
  PastCell,
  Runtime,
  RuntimeEvent,
} from "./runtime.ts";

export type CommMessage = Parameters<Runtime["sendComm"]>[0];

/** What the kernel process says to the runtime. */
export type MessageToRuntime =
  | { readonly type: "execute"; readonly request: ExecuteRequest }
  | { readonly type: "interrupt"; readonly execution: number }
  | { readonly type: "input"; readonly value: string | undefined }
  | { readonly type: "comm"; readonly comm: CommMessage }
  | { readonly type: "colab"; readonly id: string; readonly answer: ColabAnswer }
  | { readonly type: "history"; readonly cells: readonly PastCell[] }
  | { readonly type: "magics" }
  | { readonly type: "shutdown" };

/** What the runtime says to the kernel process. */
export type MessageFromRuntime =
  | { readonly type: "ready"; readonly heapLimitBytes: number }
  | { readonly type: "event"; readonly event: RuntimeEvent }
  /** The runtime's thread waits for the answer, on its own pipe. */
  | { readonly type: "blocking-input"; readonly event: RuntimeEvent }
  | { readonly type: "outcome"; readonly execution: number; readonly outcome: ExecuteOutcome }
  | {
      readonly type: "magics";
      readonly magics: readonly MagicDescription[];
      readonly isAnswer: boolean;
    }
  /** What was written raw before this one's mark comes before what follows, and the other way round. */
  | { readonly type: "turn"; readonly turn: number }
  | { readonly type: "exit"; readonly code: number };

/** Answers a blocking input. */
export type InputAnswer =
  | { readonly type: "value"; readonly value: string | undefined }
  | { readonly type: "interrupted" };

/** File descriptors of the runtime process beside the standard ones. */
export const descriptors = { requests: 3, events: 4, answers: 5, lifeline: 6 } as const;

/** Ends raw output of a cell on the file descriptors 1 and 2; removed by the kernel side. */
export function endMark(token: string, execution: number): string {
  return `\u0000${token}:${execution}\u0000`;
}

/** Stands in raw output where a `turn` stands among the messages; removed by the kernel side. */
export function turnMark(token: string, turn: number): string {
  return `\u0000${token}:t${turn}\u0000`;
}
