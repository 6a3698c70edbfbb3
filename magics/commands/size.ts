import { ColabCodeError } from "../errors.ts";

const unitBytes: Record<string, number> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

/** "500kb", "8mb", or plain bytes → bytes. Throws USAGE that names the option. */
export function parseSize(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?$/.exec(text.trim().toLowerCase());
  const bytes = Math.round(Number(match?.[1]) * (unitBytes[match?.[2] ?? "b"] ?? Number.NaN));
  // What is larger does not fit into one buffer.
  if (bytes >= 1 && bytes <= 2e9) return bytes;
  throw new ColabCodeError("USAGE", `${option} "${text}" is not a size.`, {
    hint: "Write 500kb, 8mb or a number of bytes (2gb at most).",
  });
}
