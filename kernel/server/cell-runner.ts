import type { CellInfo } from "../extension.ts";
import type { CompiledCell, LanguageService } from "../language/language.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { ExecuteContent } from "../protocol/request.ts";
import type {
  ErrorContent,
  ExecuteOutcome,
  ExpressionResult,
  Runtime,
} from "../runtime/runtime.ts";
import type { CellOutputs } from "./cell-outputs.ts";
import { diagnosticError } from "./diagnostic-error.ts";
import { log } from "./log.ts";
import type { MagicLoader } from "./magic-loader.ts";
import { diedError, interruptedError, startError } from "./runtime-errors.ts";
import type { RuntimeKeeper } from "./runtime-keeper.ts";

/** How a cell ended, as its reply says it. Everything else it had to say is published already. */
export type CellOutcome =
  | {
      readonly status: "ok";
      readonly payload: readonly JsonObject[];
      readonly expressions: Readonly<Record<string, ExpressionResult>>;
      /** Text of the result, for the history. */
      readonly result: string | undefined;
    }
  | {
      readonly status: "error";
      readonly error: ErrorContent;
      readonly payload: readonly JsonObject[];
    };

interface Collaborators {
  readonly language: Promise<LanguageService>;
  readonly runtimes: RuntimeKeeper;
  readonly outputs: CellOutputs;
  readonly magics: MagicLoader;
}

/** Takes one cell at a time from its text to its outcome. Never rejects for what a cell does. */
export class CellRunner {
  readonly #language: Promise<LanguageService>;
  readonly #runtimes: RuntimeKeeper;
  readonly #outputs: CellOutputs;
  readonly #magics: MagicLoader;
  #interrupt: AbortController | undefined;
  #deletedCells: string[] = [];
  #isExecuting = false;

  constructor({ language, runtimes, outputs, magics }: Collaborators) {
    this.#language = language;
    this.#runtimes = runtimes;
    this.#outputs = outputs;
    this.#magics = magics;
  }

  async run(request: ExecuteContent, cell: CellInfo): Promise<CellOutcome> {
    this.#interrupt = new AbortController();
    this.#deletedCells.push(...request.deletedCells);
    const outcome = await this.#run(request, cell).catch(
      (error: unknown): CellOutcome => failed(internalError(error)),
    );
    this.#interrupt = undefined;
    this.#isExecuting = false;
    if (outcome.status === "error") this.#outputs.error(cell.execution, outcome.error);
    this.#outputs.flush();
    return outcome;
  }

  /** True while a cell's code runs: a runtime that dies then takes the cell with it. */
  get isExecuting(): boolean {
    return this.#isExecuting;
  }

  /** Ends the running cell; without one there is nothing to do. */
  async interrupt(): Promise<void> {
    if (this.#interrupt === undefined) return;
    this.#interrupt.abort();
    await this.#runtimes.current?.interrupt();
  }

  async #run(request: ExecuteContent, cell: CellInfo): Promise<CellOutcome> {
    const { code } = request;
    const language = await this.#language;
    const runtime = await this.#runtime();
    if ("status" in runtime) return runtime;
    if (code.includes("%") && (await language.unknownMagics(code)).length > 0) {
      const end = await Promise.race([this.#magics.load(runtime), runtime.ended]);
      if (end !== undefined) return failed(diedError(end));
    }
    const help = code.includes("?") ? await language.help(code) : undefined;
    if (help !== undefined) return paged(help);
    const conversion = await this.#unlessInterrupted(language.convert(code));
    if ("status" in conversion) return conversion;
    if (conversion.kind === "failed") return failed(diagnosticError(code, conversion.diagnostics));
    const expressions = await convertExpressions(language, request, conversion.declarations);
    const deletedCells = this.#deletedCells;
    this.#deletedCells = [];
    const execution = runtime.execute({
      cell,
      compiled: conversion.cell,
      source: code,
      isInputAllowed: request.isInputAllowed,
      deletedCells,
      expressions: expressions.compiled,
      declaredNames: conversion.declaredNames,
    });
    this.#isExecuting = true;
    // A runtime that is gone keeps nobody waiting, whether or not it settles what it was asked.
    const outcome = await Promise.race([execution.catch(() => runtime.ended), runtime.ended]);
    this.#isExecuting = false;
    if ("reason" in outcome) return failed(diedError(outcome));
    // The language takes what it is told in order, so that no reply has to wait for it.
    const unsetNames = outcome.status === "ok" ? [] : outcome.unsetNames;
    const told = [
      outcome.isReset ? language.reset() : language.commit(conversion.declarations, unsetNames),
      language.define(outcome.variables),
    ];
    void Promise.all(told).catch((error: unknown) => log(String(error)));
    return this.#conclude(outcome, cell, expressions.failed);
  }

  /** A runtime that can execute, or the outcome of a cell for which there is none. */
  async #runtime(): Promise<Runtime | CellOutcome> {
    const runtime = await this.#unlessInterrupted(
      this.#runtimes.ready().catch((error: unknown) => failed(startError(error))),
    );
    if ("status" in runtime || runtime.isRunning) return runtime;
    // It died before this cell: its successor is on its way when its end is known.
    await runtime.ended;
    return this.#runtime();
  }

  /** What `promise` gives, or the outcome of a cell that is interrupted before. */
  async #unlessInterrupted<Value>(promise: Value | Promise<Value>): Promise<Value | CellOutcome> {
    const signal = this.#interrupt?.signal;
    const interrupted = new Promise<CellOutcome>((resolve) => {
      signal?.addEventListener("abort", () => resolve(failed(interruptedError())), { once: true });
    });
    const value = await Promise.race([promise, interrupted]);
    return signal?.aborted ? failed(interruptedError()) : value;
  }

  #conclude(
    outcome: ExecuteOutcome,
    cell: CellInfo,
    failedExpressions: Readonly<Record<string, ExpressionResult>>,
  ): CellOutcome {
    const { payload } = outcome;
    if (outcome.status === "error") return failed(outcome.error, payload);
    if (outcome.result !== undefined) {
      this.#outputs.result(cell.execution, cell.executionCount, outcome.result);
    }
    const text = outcome.result?.data["text/plain"];
    return {
      status: "ok",
      payload,
      expressions: { ...outcome.expressions, ...failedExpressions },
      result: typeof text === "string" ? text : undefined,
    };
  }
}

function failed(error: ErrorContent, payload: readonly JsonObject[] = []): CellOutcome {
  return { status: "error", error, payload };
}

function paged({
  inspection,
  name,
}: NonNullable<Awaited<ReturnType<LanguageService["help"]>>>): CellOutcome {
  const data = inspection?.data ?? { "text/plain": `There is no documentation for ${name}.` };
  const payload = [{ source: "page", data, start: 0 }];
  return { status: "ok", payload, expressions: {}, result: undefined };
}

/** Compiles `user_expressions` as they read after the cell; those that do not compile have their result. */
async function convertExpressions(
  language: LanguageService,
  { userExpressions }: ExecuteContent,
  declarations: string,
): Promise<{
  compiled: Readonly<Record<string, CompiledCell>>;
  failed: Readonly<Record<string, ExpressionResult>>;
}> {
  const compiled: Record<string, CompiledCell> = {};
  const failed: Record<string, ExpressionResult> = {};
  for (const [name, text] of Object.entries(userExpressions)) {
    const conversion = await language.convert(text, declarations);
    if (conversion.kind === "compiled") compiled[name] = conversion.cell;
    else failed[name] = { status: "error", ...diagnosticError(text, conversion.diagnostics) };
  }
  return { compiled, failed };
}

function internalError(error: unknown): ErrorContent {
  const evalue = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? evalue) : evalue;
  return {
    ename: "KernelError",
    evalue,
    traceback: [
      "The kernel itself failed at this cell; it and your variables are still there.",
      stack,
    ],
  };
}
