import type { JsonObject } from "../protocol/json.ts";
import type { Message } from "../protocol/message.ts";
import type { Output } from "./output.ts";

/** How a client wants a cell run. */
export interface ExecuteOptions {
  /** Each output as it comes; `isUpdate` where it replaces an earlier one. */
  readonly onOutput?: ((output: Output, isUpdate: boolean) => void) | undefined;
  /** Every iopub message of the cell. */
  readonly onMessage?: ((message: Message) => void) | undefined;
  /** Answers questions of the cell; without it input is not allowed. */
  readonly onInput?:
    | ((prompt: string, isPassword: boolean) => string | Promise<string>)
    | undefined;
  readonly isSilent?: boolean | undefined;
  readonly isStored?: boolean | undefined;
  readonly isStoppedByErrors?: boolean | undefined;
  readonly userExpressions?: Readonly<Record<string, string>> | undefined;
  readonly cellId?: string | undefined;
  readonly deletedCells?: readonly string[] | undefined;
}

/** An execute_reply's content. */
export interface ExecuteReply extends JsonObject {
  readonly status: "ok" | "error" | "aborted";
  readonly execution_count: number;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

export interface ExecuteResult {
  readonly reply: ExecuteReply;
  /** Outputs in order; a display that is updated later is replaced in this array. */
  readonly outputs: readonly Output[];
}
