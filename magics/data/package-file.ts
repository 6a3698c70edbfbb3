import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ColabCodeError } from "../errors.ts";

const prefix = "npm:";

/**
 * The path of `npm:package/path/in/it`, found from `folder` upwards; any other text as it is. Throws
 * NO_SUCH_FILE where no such package or file is installed.
 */
export function resolvePackageFile(source: string, folder: string): string {
  if (!source.startsWith(prefix)) return source;
  const inside = source.slice(prefix.length);
  const name = /^(@[^/]+\/)?[^/]+/.exec(inside)?.[0] ?? inside;
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, "node_modules", inside);
    if (existsSync(path)) return path;
    if (existsSync(join(at, "node_modules", name))) {
      throw new ColabCodeError("NO_SUCH_FILE", `The package ${name} has no file ${inside}.`, {
        hint: `Look into ${join(at, "node_modules", name)}.`,
      });
    }
    if (dirname(at) === at) break;
  }
  throw new ColabCodeError("NO_SUCH_FILE", `The package ${name} is not installed.`, {
    hint: `Run %npm install ${name} first.`,
  });
}
