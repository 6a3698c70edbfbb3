import { toBundle } from "./bundle.ts";
import { type CellContext, inCell, setRunningCell } from "./cell-context.ts";
import { errorContent, interruptedContent } from "./error-content.ts";
import { restoreAsyncContext } from "./forget-async-context.ts";
import type { RuntimeHost } from "./host.ts";
import { Interruption, isInterruption } from "./interruption.ts";
import { runCompiled } from "./run-compiled.ts";
import type { ExecuteOutcome, ExecuteRequest, ExpressionResult } from "./runtime.ts";
import { type SharedState, slot } from "./shared-state.ts";
import { rememberFrames, SourceFrames } from "./source-frames.ts";
import type { CellExecutor } from "./tslab-executor.ts";
import { ValueHandle } from "./value-handle.ts";
import { Widget } from "./widget.ts";

/** How long an interrupted cell's magics may take to end what they began. */
const cleanUpMs = 3_000;

interface Parts {
  readonly executor: CellExecutor;
  readonly runtime: RuntimeHost;
  readonly state: SharedState;
}

/** Runs cells one at a time. */
export class CellRunner {
  readonly #parts: Parts;
  readonly #startedAtMs: number;
  #current: CellContext | undefined;
  #stop: () => void = () => undefined;
  #heart: NodeJS.Timeout | undefined;

  constructor(parts: Parts, startedAtMs: number) {
    this.#parts = parts;
    this.#startedAtMs = startedAtMs;
  }

  /** Runs a cell to its end. Never rejects. */
  async run(request: ExecuteRequest): Promise<ExecuteOutcome> {
    const { runtime } = this.#parts;
    const context = createContext(request);
    this.#begin(context);
    try {
      return await inCell(context, async () => {
        await runtime.cellsDeleted(request.deletedCells);
        await runtime.cellStarts(request.cell);
        const before = this.#values(request.declaredNames);
        const end = await this.#untilDoneOrStopped(request, context);
        const outcome = await this.#outcome(request, context, end);
        const word = outcome.status === "ok" ? "ok" : outcome.isInterrupt ? "interrupted" : "error";
        await runtime.cellEnds(request.cell, word);
        if (outcome.status === "ok") return { ...outcome, ...collected(context) };
        const after = this.#values(request.declaredNames);
        const isSet = (name: string) => after.has(name) && !isSame(before, after, name);
        const unsetNames = request.declaredNames.filter((name) => !isSet(name));
        return { ...outcome, unsetNames, ...collected(context) };
      });
    } finally {
      this.#end();
    }
  }

  /** Interrupts the cell if it is the one that runs. */
  interrupt(execution: number): void {
    const { state, executor } = this.#parts;
    restoreAsyncContext();
    if (this.#current?.info.execution !== execution) return;
    Atomics.add(state, slot.beat, 1);
    this.#heart ??= setInterval(() => {
      restoreAsyncContext();
      Atomics.add(state, slot.beat, 1);
    }, 50);
    Atomics.store(state, slot.acknowledged, execution);
    this.#current.abort.abort(new Interruption());
    executor.interrupt();
    this.#stop();
  }

  /**
   * Settles from the interrupt itself where need be: a termination throws away the microtasks that
   * were waiting, and with them what a chain of promises rests on.
   */
  #untilDoneOrStopped(request: ExecuteRequest, context: CellContext): Promise<End> {
    return new Promise((resolve) => {
      this.#stop = () => resolve({ status: "thrown", thrown: new Interruption() });
      void this.#runCell(request, context).then(resolve);
    });
  }

  #values(names: readonly string[]): ReadonlyMap<string, unknown> {
    const { locals } = this.#parts.executor;
    const known = names.filter((name) => Object.hasOwn(locals, name));
    return new Map(known.map((name) => [name, locals[name]]));
  }

  #begin(context: CellContext): void {
    const { state } = this.#parts;
    this.#current = context;
    setRunningCell(context);
    Atomics.store(state, slot.startedAtMs, Date.now() - this.#startedAtMs);
    Atomics.store(state, slot.running, context.info.execution);
  }

  #end(): void {
    const { state } = this.#parts;
    clearInterval(this.#heart);
    this.#heart = undefined;
    Atomics.store(state, slot.finished, this.#current?.info.execution ?? 0);
    Atomics.store(state, slot.running, 0);
    setRunningCell(undefined);
    this.#current = undefined;
  }

  async #runCell({ compiled }: ExecuteRequest, context: CellContext): Promise<End> {
    const { signal } = context.abort;
    if (signal.aborted) return { status: "thrown", thrown: signal.reason };
    const { runtime, executor } = this.#parts;
    return await runCompiled({ runtime, execute: executor.execute }, compiled, context.frames);
  }

  async #outcome(request: ExecuteRequest, context: CellContext, end: End): Promise<Outcome> {
    const { execution } = request.cell;
    const isAsked = Atomics.load(this.#parts.state, slot.interrupted) === execution;
    const isInterrupt =
      end.status === "thrown" &&
      (isAsked || context.abort.signal.aborted || isInterruption(end.thrown));
    if (end.status === "ok") {
      const result = isShownAlready(end.value, execution)
        ? undefined
        : { data: await toBundle(end.value), metadata: {} };
      return { status: "ok", result, expressions: await this.#expressions(request) };
    }
    if (!isInterrupt) return { status: "error", error: errorContent(end.thrown), isInterrupt };
    context.abort.abort(new Interruption());
    await within(cleanUpMs, Promise.allSettled(context.pending));
    return { status: "error", error: interruptedContent(), isInterrupt };
  }

  async #expressions(request: ExecuteRequest): Promise<Record<string, ExpressionResult>> {
    const results: Record<string, ExpressionResult> = {};
    for (const [name, compiled] of Object.entries(request.expressions)) {
      const end = await this.#parts.executor.execute(
        compiled,
        `expression-${name.replace(/\W/g, "_")}`,
      );
      results[name] =
        end.status === "ok"
          ? { status: "ok", data: await toBundle(end.value), metadata: {} }
          : { status: "error", ...errorContent(end.thrown) };
    }
    return results;
  }
}

/** Nothing more is to be shown for what a cell ended with. */
function isShownAlready(value: unknown, execution: number): boolean {
  if (value instanceof Widget) return value.shownIn === execution;
  return value === undefined || value instanceof ValueHandle;
}

type End = Awaited<ReturnType<CellExecutor["execute"]>>;

type Collected = Pick<ExecuteOutcome, "variables" | "payload" | "isReset">;

/** Without what the cell left behind. */
type Outcome = ExecuteOutcome extends infer Each
  ? Each extends Collected
    ? Omit<Each, keyof Collected | "unsetNames">
    : never
  : never;

function isSame(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
  name: string,
): boolean {
  return before.has(name) && Object.is(before.get(name), after.get(name));
}

function createContext({ cell, source, compiled, isInputAllowed }: ExecuteRequest): CellContext {
  const name = `cell-${cell.execution}`;
  const label = `In[${cell.executionCount}]`;
  const frames = new SourceFrames({ name, label, source, compiled });
  rememberFrames(frames);
  return {
    info: cell,
    isInputAllowed,
    frames,
    abort: new AbortController(),
    variables: new Map(),
    payload: [],
    pending: new Set(),
    isReset: false,
  };
}

function collected({ variables, payload, isReset }: CellContext): Collected {
  return { variables: [...variables.values()], payload, isReset };
}

async function within(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
