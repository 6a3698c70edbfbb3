import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { explainFullDisk } from "./full-disk.ts";

/**
 * Writes a file all or nothing: what was there before stays until the new one is complete. Where
 * there is no room the error's sentence begins with `failed`.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  { failed, mode = 0o666 }: { readonly failed: string; readonly mode?: number },
): Promise<void> {
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await writeFile(part, content, { mode });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {}); // Its folder may not be there either.
    throw explainFullDisk(
      error,
      failed,
      "Make room, or name a place on another disk; a file that was there before is unchanged.",
    );
  }
}
