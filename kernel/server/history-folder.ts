import { homedir } from "node:os";
import { join } from "node:path";

/** Where the history of cells is kept: `COLABCODE_HISTORY`, else with the user's other data. */
export function historyFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.COLABCODE_HISTORY || join(userFolder(environment), "history");
}

/** Where this user's data of the kernel is kept: `COLABCODE_CACHE`, else the platform's place for state. */
function userFolder(environment: NodeJS.ProcessEnv): string {
  const { COLABCODE_CACHE, XDG_STATE_HOME, LOCALAPPDATA } = environment;
  if (COLABCODE_CACHE) return COLABCODE_CACHE;
  switch (process.platform) {
    case "win32":
      return join(LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "colabcode");
    case "darwin":
      return join(homedir(), "Library", "Application Support", "colabcode");
    default:
      return join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "colabcode");
  }
}
