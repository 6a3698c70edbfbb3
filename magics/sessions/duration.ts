import { ColabCodeError } from "../errors.ts";

const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** "30m", "90s", "1.5h", or plain seconds → milliseconds. Throws USAGE that names the option. */
export function parseDuration(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)?$/.exec(text.trim());
  const value = Number(match?.[1]) * (unitMs[match?.[2] ?? "s"] ?? Number.NaN);
  // Timers hold 31 bits of milliseconds.
  if (!(value > 0) || value > 2 ** 31 - 1) {
    throw new ColabCodeError("USAGE", `${option} "${text}" is not a time.`, {
      hint: "Write 90s, 30m or 2h (24 days at most).",
    });
  }
  return value;
}
