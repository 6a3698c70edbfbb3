import { ColabCodeError } from "../errors.ts";

/**
 * The result of `work`, or a rejection as soon as `signal` aborts or the time is over. `work` goes
 * on: whoever started it ends it.
 */
export async function withDeadline<T>(
  work: Promise<T>,
  limits: { signal: AbortSignal | undefined; timeoutMs: number; onTimeout: () => Error },
): Promise<T> {
  work.catch(() => {}); // When a limit wins, nobody else looks at the failure of the work.
  const { signal, timeoutMs, onTimeout } = limits;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(onTimeout()), timeoutMs);
    onAbort = () => reject(interrupted());
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
  }
}

/** Waits; ends early and quietly when `signal` aborts. */
export function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, durationMs);
    signal?.addEventListener("abort", end, { once: true });
  });
}

export function interrupted(): ColabCodeError {
  return new ColabCodeError("INTERRUPTED", "Opening the tunnel was interrupted.");
}
