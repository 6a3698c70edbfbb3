import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** Where the kernel keeps what it can make again: `COLABCODE_CACHE`, else the user's cache folder. */
export function kernelCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { COLABCODE_CACHE, XDG_CACHE_HOME = "", LOCALAPPDATA } = environment;
  if (COLABCODE_CACHE) return resolve(COLABCODE_CACHE);
  switch (process.platform) {
    case "win32":
      return join(LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "colabcode");
    case "darwin":
      return join(homedir(), "Library", "Caches", "colabcode");
    default:
      // The XDG specification has relative paths ignored.
      return join(
        isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), ".cache"),
        "colabcode",
      );
  }
}
