import { dirname, resolve } from "node:path";
import { type ExecuteReply, KernelClient } from "./kernel-client.ts";
import { type CodeCell, Notebook } from "./notebook.ts";
import type { Output } from "./output.ts";

export interface RunOptions {
  /** File that the executed notebook is written to, also when a cell fails. */
  readonly output?: string | undefined;
  /** Before each code cell runs. */
  readonly onCell?: ((cell: CodeCell) => void) | undefined;
  /** Each output as it comes; `isUpdate` where it replaces one shown before. */
  readonly onOutput?: ((output: Output, cell: CodeCell, isUpdate: boolean) => void) | undefined;
  /** Ends the run: the running cell is interrupted, those after it do not run. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time for one cell, in ms; one that takes longer is interrupted and fails. */
  readonly timeoutMs?: number | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Command line of another kernel, with `{connection_file}`. */
  readonly argv?: readonly string[] | undefined;
  /** Goes on after a cell that failed. */
  readonly allowErrors?: boolean | undefined;
  /** Leaves the kernel running, and with it what the notebook started; the caller ends it. */
  readonly keepAlive?: boolean | undefined;
}

/** What stopped a run. */
export interface RunFailure {
  readonly cell: CodeCell;
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export interface RunResult extends AsyncDisposable {
  readonly status: "ok" | "error" | "aborted";
  /** Code cells that ran. */
  readonly executed: number;
  readonly durationMs: number;
  readonly failure: RunFailure | undefined;
  /** The kernel, still running, where `keepAlive` was asked for. */
  readonly client: KernelClient | undefined;
}

/**
 * Executes a notebook's code cells in order in a fresh kernel, in the notebook's folder. Stops at
 * the first cell that fails, unless it has the tag `raises-exception`. Rejects when there is no
 * notebook or no kernel; no kernel is left behind then.
 */
export async function runNotebook(path: string, options: RunOptions = {}): Promise<RunResult> {
  const started = performance.now();
  const notebook = await Notebook.read(path);
  const { argv, environment, signal, output } = options;
  const folder = dirname(resolve(path));
  const client = await KernelClient.start({ argv, environment, folder, signal });
  let isKept = false;
  try {
    const { executed, failure } = await runCells(notebook, client, options);
    if (output !== undefined) await notebook.write(output);
    isKept = options.keepAlive ?? false;
    const okOrError = failure === undefined ? "ok" : "error";
    return {
      status: signal?.aborted ? "aborted" : okOrError,
      executed,
      durationMs: performance.now() - started,
      failure,
      client: isKept ? client : undefined,
      [Symbol.asyncDispose]: () => client.shutdown(),
    };
  } finally {
    if (!isKept) await client.shutdown();
  }
}

async function runCells(
  notebook: Notebook,
  client: KernelClient,
  options: RunOptions,
): Promise<{ executed: number; failure: RunFailure | undefined }> {
  const shown: { cell: CodeCell; outputs: readonly Output[]; count: number | undefined }[] = [];
  let failure: RunFailure | undefined;
  for (const cell of notebook.codeCells) {
    if (options.signal?.aborted || failure !== undefined) break;
    if (cell.source.trim() === "") continue;
    options.onCell?.(cell);
    const { reply, outputs } = await runCell(cell, client, options);
    shown.push({ cell, outputs, count: reply.execution_count });
    const isAllowed = options.allowErrors || cell.tags.includes("raises-exception");
    if (reply.status !== "ok" && !isAllowed) failure = failureOf(cell, reply);
  }
  // Only now: a later cell may have updated what an earlier one shows.
  for (const { cell, outputs, count } of shown) notebook.setOutputs(cell, outputs, count);
  return { executed: shown.length, failure };
}

async function runCell(
  cell: CodeCell,
  client: KernelClient,
  { onOutput, signal, timeoutMs }: RunOptions,
): Promise<{ reply: ExecuteReply; outputs: readonly Output[] }> {
  let isLate = false;
  // A kernel that is gone says so to `execute`; there is nothing to interrupt then.
  const interrupt = () => void client.interrupt().catch(() => {});
  const onTimeout = () => {
    isLate = true;
    interrupt();
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs);
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    const { reply, outputs } = await client.execute(cell.source, {
      cellId: cell.id,
      onOutput: (output, isUpdate) => onOutput?.(output, cell, isUpdate),
    });
    const evalue = `The cell took longer than ${(timeoutMs ?? 0) / 1_000} s.`;
    const late = { status: "error", ename: "Timeout", evalue, traceback: [evalue] } as const;
    return { reply: isLate ? { ...reply, ...late } : reply, outputs };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", interrupt);
  }
}

function failureOf(cell: CodeCell, reply: ExecuteReply): RunFailure {
  const { ename = "Aborted", evalue = "", traceback = [] } = reply;
  return { cell, ename, evalue, traceback };
}
