import { setTimeout as delay } from "node:timers/promises";

/** Resolves with the first value of `look` that is not false or undefined; rejects after `timeoutMs`, naming `what`. */
export async function waitUntil<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`${what}: not so after ${timeoutMs / 1000} s`);
    await delay(20);
  }
}
