import type { CellInfo, MagicDescription, MimeBundle, VariableDefinition } from "../extension.ts";
import type { CompiledCell } from "../language/language.ts";

export interface ExecuteRequest {
  readonly cell: CellInfo;
  readonly compiled: CompiledCell;
  /** The cell's own text, for tracebacks. */
  readonly source: string;
  readonly isInputAllowed: boolean;
  readonly deletedCells: readonly string[];
  /** Expressions of `user_expressions`, already converted, by name. */
  readonly expressions: Readonly<Record<string, CompiledCell>>;
  /** Names that the cell declares. */
  readonly declaredNames: readonly string[];
}

/** An error as `error` messages carry it. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type ExpressionResult =
  | { readonly status: "ok"; readonly data: MimeBundle; readonly metadata: MimeBundle }
  | ({ readonly status: "error" } & ErrorContent);

export type ExecuteOutcome = {
  /** Variables that magics defined or replaced, to be declared for later cells, also after an error. */
  readonly variables: readonly VariableDefinition[];
  /** `payload` entries for the reply: pages, set_next_input. */
  readonly payload: readonly MimeBundle[];
  /** `%reset` ran: the language forgets the declarations too. */
  readonly isReset: boolean;
} & (
  | {
      readonly status: "ok";
      /** Bundle of the last expression's value; undefined when there is none to show. */
      readonly result: { readonly data: MimeBundle; readonly metadata: MimeBundle } | undefined;
      readonly expressions: Readonly<Record<string, ExpressionResult>>;
    }
  | {
      readonly status: "error";
      readonly error: ErrorContent;
      readonly isInterrupt: boolean;
      /** Those of the declared names whose values the cell did not come to set. */
      readonly unsetNames: readonly string[];
    }
);

/** What a runtime says while or after a cell runs. `execution` names the cell it belongs to. */
export type RuntimeEvent = { readonly execution: number } & (
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly isUpdate: boolean;
      readonly data: MimeBundle;
      readonly metadata: MimeBundle;
      readonly displayId: string | undefined;
    }
  | {
      readonly type: "last-will";
      readonly displayId: string;
      /** Undefined takes it back. */
      readonly data: MimeBundle | undefined;
    }
  | { readonly type: "clear"; readonly wait: boolean }
  | { readonly type: "error"; readonly error: ErrorContent }
  | {
      readonly type: "comm";
      readonly message: "comm_open" | "comm_msg" | "comm_close";
      readonly commId: string;
      readonly target: string | undefined;
      readonly data: unknown;
      readonly metadata: MimeBundle;
      readonly buffers: readonly Uint8Array[];
    }
  | { readonly type: "input"; readonly prompt: string; readonly password: boolean }
  | {
      readonly type: "colab";
      readonly id: string;
      readonly requestType: string;
      readonly request: unknown;
    }
  | { readonly type: "folder"; readonly folder: string }
  | { readonly type: "packages" }
  | { readonly type: "history"; readonly query: PastCellsQuery }
);

/** What the page of Google Colab says to a request. */
export type ColabAnswer = { readonly data: unknown } | { readonly error: string };

/** Which of the cells that the kernel remembers are wanted, with those of earlier runtimes. */
export interface PastCellsQuery {
  /** Of earlier kernels too. */
  readonly isOfAllSessions: boolean;
  /** Part of their text. */
  readonly part: string;
  /** Only the latest so many. */
  readonly number: number | undefined;
}

/** A cell of this or an earlier session. */
export interface PastCell {
  readonly session: number;
  readonly executionCount: number;
  readonly source: string;
}

/** Why a runtime is gone, in words for the person in the notebook. */
export interface RuntimeEnd {
  readonly isExpected: boolean;
  readonly reason: string;
}

/**
 * A handle on one runtime process. Outputs of a cell reach `onEvent` before its `execute`
 * settles, in the order they were made, file-descriptor writes of native code and children included.
 */
export interface Runtime extends AsyncDisposable {
  readonly pid: number;
  /** False as soon as the process is known to be gone; `ended` follows when its last output is read. */
  readonly isRunning: boolean;
  /** Resolves when the process is gone, for whatever reason; never rejects. */
  readonly ended: Promise<RuntimeEnd>;
  /** Rejects only when the runtime died; what the user's code throws is an outcome. */
  execute(request: ExecuteRequest): Promise<ExecuteOutcome>;
  /** Ends the running cell with variables kept; replaced by SIGKILL after 5 s without effect. No cell: no effect. */
  interrupt(): Promise<void>;
  /** Answers an `input` event; undefined when the front end gave none. */
  answerInput(value: string | undefined): void;
  /** Answers the `colab` event of that id; one that nobody waits for is dropped. */
  answerColab(id: string, answer: ColabAnswer): void;
  /** Answers a `history` event. */
  answerHistory(cells: readonly PastCell[]): void;
  sendComm(message: {
    readonly message: "comm_open" | "comm_msg" | "comm_close";
    readonly commId: string;
    readonly target: string | undefined;
    readonly data: unknown;
    readonly metadata: MimeBundle;
    readonly buffers: readonly Uint8Array[];
  }): void;
  /** Loads the default extensions if they are not yet, and describes every magic there is. */
  loadMagics(): Promise<readonly MagicDescription[]>;
  /** Called by `%load_ext` too: the set of magics changed. */
  onMagics(listener: (magics: readonly MagicDescription[]) => void): void;
  onEvent(listener: (event: RuntimeEvent) => void): void;
  /** Lets extensions end what they hold (1.5 s), then SIGTERM, then SIGKILL; gone within 2 s. */
  shutdown(): Promise<void>;
}

export interface RuntimeOptions {
  /** Folder of the notebook: the working directory of user code. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of extension packages to load by default. */
  readonly extensions: readonly string[];
}

/** Starts a runtime process; resolves when it can execute. */
export type StartRuntime = (options: RuntimeOptions) => Promise<Runtime>;
