import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { explainFullDisk } from "../full-disk.ts";

/** Writes a file all or nothing: what was there before stays until the new one is complete. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await writeFile(part, content);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {}); // Its folder may not be there either.
    throw explainFullDisk(
      error,
      `The model is not saved in ${path}`,
      "Make room, or save it on another disk; a file that was there before is unchanged.",
    );
  }
}
