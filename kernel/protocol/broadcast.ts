import type { MimeBundle } from "../extension.ts";

interface Shown {
  readonly data: MimeBundle;
  readonly metadata: MimeBundle;
  readonly transient: { readonly display_id?: string };
}

/** What a kernel says on iopub: the type of the message and its content. */
export type Broadcast =
  | {
      readonly type: "status";
      readonly content: { readonly execution_state: "starting" | "busy" | "idle" };
    }
  | { readonly type: "iopub_welcome"; readonly content: { readonly subscription: string } }
  | {
      readonly type: "execute_input";
      readonly content: { readonly code: string; readonly execution_count: number };
    }
  | {
      readonly type: "stream";
      readonly content: { readonly name: "stdout" | "stderr"; readonly text: string };
    }
  | { readonly type: "display_data" | "update_display_data"; readonly content: Shown }
  | {
      readonly type: "execute_result";
      readonly content: Shown & { readonly execution_count: number };
    }
  | {
      readonly type: "error";
      readonly content: {
        readonly ename: string;
        readonly evalue: string;
        readonly traceback: readonly string[];
      };
    }
  | { readonly type: "clear_output"; readonly content: { readonly wait: boolean } }
  | {
      readonly type: "comm_open" | "comm_msg" | "comm_close";
      readonly content: {
        readonly comm_id: string;
        readonly data: unknown;
        readonly target_name?: string;
      };
    }
  | { readonly type: "colab_request"; readonly content: { readonly request: unknown } }
  | { readonly type: "shutdown_reply"; readonly content: { readonly restart: boolean } };
