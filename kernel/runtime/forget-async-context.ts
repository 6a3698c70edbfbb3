import { type SharedState, slot } from "./shared-state.ts";
import { parseStack } from "./stack.ts";

/** Evaluated in the main thread before its execution is terminated. */
export function forgetExpression(request: number): string {
  return `globalThis[Symbol.for("colabcode.kernel.forgetAsyncContext")]?.(${request})`;
}

/** Node's bookkeeping of asynchronous contexts; `process.binding` is the only way to it. */
interface AsyncWrap {
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kTotals: number };
  clearAsyncIdStack(): void;
}

let asyncWrap: AsyncWrap | undefined;
let activeHooks: number | undefined;

/**
 * What is terminated never leaves its asynchronous context, and Node aborts when it finds one that
 * was not left, as long as it counts any active hooks. This puts where `forgetExpression` finds it
 * what says whether user code is being run, waits for the termination, empties the stack of
 * contexts and lets Node count none, until `restoreAsyncContext`.
 */
export function installForgetAsyncContext(state: SharedState): void {
  asyncWrap = loadAsyncWrap();
  const value = (request: number) => {
    if (Atomics.load(state, slot.terminationRequest) !== request) return;
    const isReady = isInUserCode();
    Atomics.store(state, slot.terminationAnswer, isReady ? 1 : 2);
    Atomics.notify(state, slot.terminationAnswer);
    if (!isReady) return;
    // A spin of microseconds: the thread may be interrupted inside of Atomics.wait, which must
    // not be entered twice.
    const deadline = performance.now() + 1000;
    while (Atomics.load(state, slot.isTerminationPosted) === 0) {
      if (performance.now() > deadline) return;
    }
    forget();
  };
  const key = Symbol.for("colabcode.kernel.forgetAsyncContext");
  Object.defineProperty(globalThis, key, { value });
}

/** What is interrupted is a function of a cell or of a package, not one of Node or the kernel. */
function isInUserCode(): boolean {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const error = new Error();
  Error.stackTraceLimit = limit;
  if (parseStack(error).some(({ file }) => file !== "<anonymous>")) return true;
  // Between two microtasks of an endless chain there is nothing but Node's own hook.
  return String(error.stack).includes("node:internal/async_hooks");
}

function forget(): void {
  if (asyncWrap === undefined) return;
  const { async_hook_fields: fields, constants } = asyncWrap;
  // The code that is terminated may go on for some steps and enter one more context.
  activeHooks ??= fields[constants.kTotals] ?? 0;
  fields[constants.kTotals] = 0;
  asyncWrap.clearAsyncIdStack();
}

/** Brings Node's bookkeeping back in order when the event loop turns again. */
export function restoreAsyncContext(): void {
  if (asyncWrap === undefined || activeHooks === undefined) return;
  asyncWrap.clearAsyncIdStack();
  asyncWrap.async_hook_fields[asyncWrap.constants.kTotals] = activeHooks;
  activeHooks = undefined;
}

/** Since version 24 Node carries contexts without this bookkeeping, and gives no way to it. */
function loadAsyncWrap(): AsyncWrap | undefined {
  if (Number.parseInt(process.versions.node, 10) >= 24) return undefined;
  const { binding } = process as unknown as { binding?(name: string): AsyncWrap };
  const { emitWarning } = process;
  // With `--pending-deprecation` it would warn in the user's output.
  process.emitWarning = () => undefined;
  try {
    const wrap = binding?.call(process, "async_wrap");
    return typeof wrap?.constants?.kTotals === "number" ? wrap : undefined;
  } catch {
    // Without it Node may abort at an interrupt, and the runtime is replaced.
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
