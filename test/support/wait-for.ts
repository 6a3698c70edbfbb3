import { setTimeout as delay } from "node:timers/promises";

/** Resolves with the first value of `condition` that is neither false nor undefined; throws what it waited for after `deadlineMs`. */
export async function waitFor<T>(
  what: string,
  condition: () => T | false | undefined | Promise<T | false | undefined>,
  deadlineMs = 10_000,
): Promise<T> {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== undefined) return value;
    if (Date.now() > until) throw new Error(`waited ${deadlineMs} ms for ${what}`);
    await delay(20);
  }
}
