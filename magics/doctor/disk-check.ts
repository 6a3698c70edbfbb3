import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { cacheFolder } from "../install/cache.ts";
import type { Check } from "./check.ts";

/** What code-server takes, built and in the making. */
const neededBytes = 2e9;

/** Whether the editors could be installed where they are kept. */
export const checkDisk: Check = {
  name: "disk",
  async run({ environment }) {
    const folder = cacheFolder(environment);
    const { bavail, bsize } = await statOfNearest(folder);
    const text = `${Number(((bavail * bsize) / 1e9).toPrecision(3))} GB free for ${folder}`;
    return bavail * bsize >= neededBytes
      ? { state: "ok", text }
      : {
          state: "missing",
          text,
          hint: "Installing an editor takes 2 GB: set COLABCODE_CACHE to a folder with more room.",
        };
  },
};

/** The folder may not be there yet: then its nearest parent tells. */
async function statOfNearest(folder: string): Promise<{ bavail: number; bsize: number }> {
  try {
    return await statfs(folder);
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return await statOfNearest(dirname(folder));
  }
}
