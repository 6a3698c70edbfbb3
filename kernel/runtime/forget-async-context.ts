import { type SharedState, slot } from "./shared-state.ts";

/** Evaluated in the main thread, right before its execution is terminated. */
export const forgetExpression = 'globalThis[Symbol.for("colabcode.kernel.forgetAsyncContext")]?.()';

interface AsyncWrap {
  clearAsyncIdStack(): void;
}

/**
 * What is terminated never leaves its asynchronous context, and Node aborts when it finds one that
 * was not left. It forgets them itself after an uncaught exception, by the function that this
 * puts where `forgetExpression` finds it.
 */
export function installForgetAsyncContext(state: SharedState): void {
  // Deprecated and without types, but the only way to the function.
  const { binding } = process as unknown as { binding?(name: string): AsyncWrap };
  const silent = process.noDeprecation;
  process.noDeprecation = true;
  try {
    const wrap = binding?.call(process, "async_wrap");
    const key = Symbol.for("colabcode.kernel.forgetAsyncContext");
    const value = () => {
      // A spin of microseconds: the thread may be interrupted inside of Atomics.wait, which must
      // not be entered twice.
      const deadline = performance.now() + 1000;
      while (Atomics.load(state, slot.isTerminationPosted) === 0) {
        if (performance.now() > deadline) break;
      }
      wrap?.clearAsyncIdStack();
    };
    Object.defineProperty(globalThis, key, { value });
  } catch {
    // A Node without it keeps no such stack, or will abort and be replaced.
  } finally {
    if (silent === undefined) Reflect.deleteProperty(process, "noDeprecation");
    else process.noDeprecation = silent;
  }
}
