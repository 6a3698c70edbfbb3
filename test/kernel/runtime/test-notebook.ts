import { tmpdir } from "node:os";
import type { CompiledCell } from "../../../kernel/language/language.ts";
import type {
  ExecuteOutcome,
  ExecuteRequest,
  Runtime,
  RuntimeEvent,
} from "../../../kernel/runtime/runtime.ts";
import { startRuntime } from "../../../kernel/runtime/runtime-process.ts";
import { waitUntil } from "../../support/wait-until.ts";

export interface CellOptions extends Partial<Omit<CompiledCell, "output">> {
  readonly source?: string;
  readonly cellId?: string;
  readonly isInputAllowed?: boolean;
  readonly deletedCells?: readonly string[];
  readonly expressions?: ExecuteRequest["expressions"];
  readonly declaredNames?: readonly string[];
}

interface NotebookOptions {
  readonly folder?: string;
  readonly extensions?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A cell as the language side would give it; `await` and `exports.value` are seen in the text. */
export function compiledCell(output: string, options: CellOptions = {}): CompiledCell {
  return {
    output,
    hasTopLevelAwait: /\bawait\b/.test(output),
    lastExpressionVariable: /exports\.value\b/.test(output) ? "value" : undefined,
    sideOutputs: options.sideOutputs ?? [],
    sourceMap: options.sourceMap,
    cellMagic: options.cellMagic,
  };
}

/** A real runtime process, given plain JavaScript as the language side would convert it. */
export class TestNotebook implements AsyncDisposable {
  readonly runtime: Runtime;
  readonly events: RuntimeEvent[] = [];
  #executions = 0;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
    runtime.onEvent((event) => this.events.push(event));
  }

  run(output: string, options: CellOptions = {}): Promise<ExecuteOutcome> {
    const execution = ++this.#executions;
    return this.runtime.execute({
      cell: { execution, executionCount: execution, cellId: options.cellId },
      compiled: compiledCell(output, options),
      source: options.source ?? output,
      isInputAllowed: options.isInputAllowed ?? false,
      deletedCells: options.deletedCells ?? [],
      expressions: options.expressions ?? {},
      declaredNames: options.declaredNames ?? [],
    });
  }

  /** The `text/plain` of a cell's value; rejects when it failed. */
  async value(output: string, options: CellOptions = {}): Promise<unknown> {
    const outcome = await this.run(output, options);
    if (outcome.status === "error") throw new Error(outcome.error.evalue);
    return outcome.result?.data["text/plain"];
  }

  /** The error of a cell, without colours. */
  async error(output: string, options: CellOptions = {}) {
    const outcome = await this.run(output, options);
    if (outcome.status === "ok") throw new Error("The cell did not fail.");
    const { ename, evalue, traceback } = outcome.error;
    const text = traceback.join("\n").replaceAll(/\u001b\[\d+m/g, "");
    return { ename, evalue, text, isInterrupt: outcome.isInterrupt };
  }

  /** Text of one stream, of one cell or of all. */
  text(name: "stdout" | "stderr", execution?: number): string {
    return this.#texts(name, execution).join("");
  }

  /** Whether one event has `part`; for floods that are too large to be put together. */
  hasText(name: "stdout" | "stderr", part: string, execution?: number): boolean {
    return this.#texts(name, execution).some((text) => text.includes(part));
  }

  untilText(name: "stdout" | "stderr", part: string): Promise<unknown> {
    return waitUntil(`${name} has ${part}`, () => this.text(name).includes(part));
  }

  #texts(name: "stdout" | "stderr", execution?: number): string[] {
    return this.events.flatMap((event) => {
      if (event.type !== "stream" || event.name !== name) return [];
      return execution === undefined || event.execution === execution ? [event.text] : [];
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime.shutdown();
  }
}

export async function startNotebook(options: NotebookOptions = {}): Promise<TestNotebook> {
  const runtime = await startRuntime({
    folder: options.folder ?? tmpdir(),
    environment: { ...process.env, ...options.environment },
    extensions: options.extensions ?? [],
  });
  return new TestNotebook(runtime);
}
