import { ColabCodeError } from "../errors.ts";
import type { InstallContext } from "../install/installation.ts";

/** For finders that install what is missing: lets them find, and makes them give up there. */
export function installedOnly(title: string, command: string): InstallContext {
  const missing = new ColabCodeError("NOT_INSTALLED", `${title} is not installed.`, {
    hint: `colabcode ${command} installs it at its first start, into the cache.`,
  });
  return { signal: AbortSignal.abort(missing), onProgress: () => {} };
}
