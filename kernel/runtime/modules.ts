import Module, { createRequire } from "node:module";
import { isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Where the kernel's own packages are found: `colabcode` itself, tslab, and what they depend on. */
export const ownRoot = ownPackageRoot();

function ownPackageRoot(): string {
  // The sources lie in kernel/runtime, what is built from them in dist/kernel/runtime.
  const above = fileURLToPath(new URL("../../", import.meta.url));
  return /[\\/]dist[\\/]$/.test(above) ? resolve(above, "..") : resolve(above);
}

type ResolveFilename = (request: string, ...rest: unknown[]) => string;

/** Packages that are not found from where they are required are looked for beside the kernel. */
export function installPackageFallback(): void {
  // Node has no public way to add to the resolution of `require` before version 23.
  const loader = Module as unknown as { _resolveFilename: ResolveFilename };
  const original = loader._resolveFilename;
  const ownRequire = createRequire(join(ownRoot, "package.json"));
  let isFallback = false;
  loader._resolveFilename = function (this: unknown, request, ...rest) {
    try {
      return original.call(this, request, ...rest);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (isFallback || code !== "MODULE_NOT_FOUND" || !isPackage(request)) throw error;
      isFallback = true;
      try {
        return ownRequire.resolve(request);
      } catch {
        // The first error names the folder that the person knows.
        throw error;
      } finally {
        isFallback = false;
      }
    }
  };
}

function isPackage(request: string): boolean {
  return !request.startsWith(".") && !isAbsolute(request) && !request.startsWith("node:");
}

/**
 * What cells get as `require`: everything is found from the folder the notebook is in now.
 * `original` is tslab's, which knows the converted local files, by names relative to `root`.
 */
export function folderRequire(
  original: NodeJS.Require,
  { root, folder }: { root: string; folder: string },
): NodeJS.Require {
  if (folder === root) return original;
  const fromFolder = createRequire(join(folder, "src.js"));
  const load = (id: string): unknown => {
    if (id === "tslab") return original(id);
    if (!/^\.\.?([\\/]|$)/.test(id)) return fromFolder(id);
    const path = relative(root, join(folder, id)).replaceAll("\\", "/");
    return original(path.startsWith(".") ? path : `./${path}`);
  };
  return Object.assign(load, {
    resolve: fromFolder.resolve,
    cache: fromFolder.cache,
    extensions: fromFolder.extensions,
    main: fromFolder.main,
  });
}

/** Imports a package by name as a cell in `folder` would, ES modules with `await` included. */
export async function importPackage(name: string, folder: string): Promise<unknown> {
  const path = createRequire(join(folder, "src.js")).resolve(name);
  return import(isAbsolute(path) ? pathToFileURL(path).href : path);
}
