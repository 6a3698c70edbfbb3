import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * The folder that installed programs are kept in between runs: `COLABCODE_CACHE`, else
 * `colabcode` in the user's cache folder. Nothing is made by asking.
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const chosen = environment["COLABCODE_CACHE"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  return join(userCacheFolder(environment, platform, home), "colabcode");
}

function userCacheFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === "darwin") return join(home, "Library", "Caches");
  if (platform === "win32") return environment["LOCALAPPDATA"] || join(home, "AppData", "Local");
  const folder = environment["XDG_CACHE_HOME"] ?? "";
  // The XDG specification has relative paths ignored.
  return isAbsolute(folder) ? folder : join(home, ".cache");
}
