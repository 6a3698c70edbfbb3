import { pause } from "./deadline.ts";
import { type Door, isAsExpected } from "./door.ts";
import { type ProbeOptions, probe } from "./probe.ts";

export interface WatchOptions extends ProbeOptions {
  /** Where the link lets not everybody in. */
  readonly door?: Door | undefined;
  /** Between two probes while all is well. */
  readonly intervalMs?: number;
  /** From a first failure to the look that makes sure. */
  readonly confirmMs?: number;
  /** Between two probes while the link does not answer. */
  readonly retryMs?: number;
  /** Called when the link stops answering as our service, and when it does again. */
  readonly onChange: (isAnswering: boolean, saw: string) => void;
}

/** What holds unless options say otherwise: a cut is told within 20 s, also where requests hang. */
export const watchTimes = { intervalMs: 15_000, timeoutMs: 2_000, confirmMs: 500, retryMs: 2_000 };

/**
 * Probes a proven link for as long as it is held. One failure is looked at again before it counts,
 * so that a single lost packet turns no card.
 */
export function watchUrl(url: string | (() => string), options: WatchOptions): AsyncDisposable {
  const ending = new AbortController();
  const watching = watch(typeof url === "string" ? () => url : url, options, ending.signal);
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await watching;
    },
  };
}

async function watch(url: () => string, options: WatchOptions, signal: AbortSignal): Promise<void> {
  const { intervalMs, timeoutMs, confirmMs, retryMs, onChange } = { ...watchTimes, ...options };
  let isAnswering = true;
  let failures = 0;
  while (!signal.aborted) {
    await pause([intervalMs, confirmMs][failures] ?? retryMs, signal);
    if (signal.aborted) return;
    const sight = await probe(url(), { ...options, timeoutMs, signal });
    if (signal.aborted) return;
    failures = isAsExpected(sight, options.door) ? 0 : failures + 1;
    const isAnsweringNow: boolean = failures === 0 || (isAnswering && failures < 2);
    if (isAnsweringNow !== isAnswering) onChange(isAnsweringNow, sight.saw);
    isAnswering = isAnsweringNow;
  }
}
