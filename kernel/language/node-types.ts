import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { ownPackageFolder } from "./own-package.ts";

/** Modules of Node that few notebooks import and that no other module's declarations need. */
const rareModules = [
  "cluster",
  "domain",
  "http2",
  "inspector",
  "inspector/promises",
  "repl",
  "sea",
  "sqlite",
  "test",
  "test/reporters",
  "trace_events",
  "v8",
  "wasi",
];

const folders = ["node_modules/@types/node", "../@types/node"]
  .map((path) => join(ownPackageFolder, path))
  .filter((path) => existsSync(path))
  .map((path) => realpathSync(path).replaceAll("\\", "/"));

const rareFiles = new Set(
  [...rareModules, "inspector.generated"].flatMap((name) =>
    folders.map((folder) => `${folder}/${name}.d.ts`),
  ),
);

/** Whether a file declares nothing but modules that `needsRareModules` tells of. */
export function isRareFile(path: string): boolean {
  return rareFiles.has(path);
}

/**
 * Whether the declarations of all of Node's modules are needed by a file that imports `names`; a
 * quarter of what the compiler would have to hold is for modules that are rarely imported.
 */
export function needsRareModules(names: readonly string[], containingFile: string): boolean {
  if (folders.some((folder) => containingFile.startsWith(`${folder}/`))) return false;
  return names.some((name) => rareModules.includes(name.replace(/^node:/, "")));
}

/** Whether code asks for a module of Node by a function whose type knows all of them. */
export function mayNeedRareModules(code: string): boolean {
  return code.includes("getBuiltinModule");
}
