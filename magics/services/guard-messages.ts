/** What the guard is told to run. Travels over its pipe, so that nothing of it shows in a process list. */
export interface GuardOrder {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly graceMs: number;
  /** Folders of this program alone; removed when it has ended. */
  readonly temporaryFolders: readonly string[];
  /** Texts by path, each in a new folder of its own; what removes them is there before they are. */
  readonly privateFiles: Readonly<Record<string, string>>;
  readonly mark: string;
}

/** From the parent to the guard. A closed pipe means the same as `end`. */
export type GuardRequest =
  | { readonly type: "start"; readonly order: GuardOrder }
  | { readonly type: "end" };

/** From the guard to the parent. `ended` comes after the last process of the program is gone. */
export type GuardReport =
  | { readonly type: "started"; readonly pid: number }
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  | { readonly type: "ended"; readonly exitCode: number | null; readonly signal: string | null };
