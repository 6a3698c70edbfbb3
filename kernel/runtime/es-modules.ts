import { existsSync, readFileSync } from "node:fs";
import Module, { createRequire, isBuiltin } from "node:module";
import { dirname, extname, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { constants, Script } from "node:vm";
import type { CompiledCell } from "../language/language.ts";

type Namespace = Readonly<Record<string, unknown>>;

/** ES modules that code asks for by `require`, by name and the folder that asks. */
const loaded = new Map<string, Namespace>();

const keyOf = (name: string, folder: string) => `${folder}\n${name}`;

type Load = (request: string, parent?: { readonly filename?: string | null }) => unknown;

/**
 * Packages that only `import` can load, for they await or export to nobody else, are given by
 * `require` once `loadStaticImports` has loaded them.
 */
export function installEsModules(): void {
  // Node has no public way to answer `require` before version 22.15.
  const loader = Module as unknown as { _load: Load };
  const original = loader._load;
  loader._load = function (this: unknown, request, parent, ...rest) {
    const folder = loaded.size > 0 && parent?.filename ? dirname(parent.filename) : undefined;
    const found = folder === undefined ? undefined : loaded.get(keyOf(request, folder));
    return found ?? original.call(this, request, parent, ...rest);
  };
}

const staticImport =
  /^(?:(?:const|var|let) [\w$]+ = )?(?:__(?:importStar|importDefault|exportStar)\()?require\("([^"\\]+)"\)/gm;

/**
 * Loads the ES modules that a cell and its local files import at their top; rejects as they do.
 * Undefined where there are none that could be.
 */
export function loadStaticImports(
  { output = "", sideOutputs }: CompiledCell,
  require: NodeJS.Require,
): Promise<void> | undefined {
  const wanted = [
    ...packagesIn(output, folderOf(require)),
    ...sideOutputs.flatMap(({ path, data }) => packagesIn(data, dirname(path))),
  ];
  if (wanted.length === 0) return undefined;
  return (async () => {
    for (const { name, folder } of wanted) await loadEsModule(name, folder);
  })();
}

function packagesIn(text: string, folder: string): { name: string; folder: string }[] {
  if (!text.includes("require(")) return [];
  return [...text.matchAll(staticImport)]
    .map(([, name = ""]) => ({ name, folder }))
    .filter(({ name }) => isPackage(name));
}

function isPackage(name: string): boolean {
  return !name.startsWith(".") && !isAbsolute(name) && name !== "tslab" && !isBuiltin(name);
}

/** The folder whose modules a `require` looks for first. */
function folderOf(require: NodeJS.Require): string {
  return dirname(require.resolve.paths("package")?.[0] ?? process.cwd());
}

/** As in the output of TypeScript 5.0; one is as long as the other, so that columns stay. */
const dynamicImport = /(\.then\((?:\(\)|s) => )__importStar\(require\(("[^"\\]+"|s)\)\)/g;

/** CommonJS whose `import(…)` are real ones: `importFrom` as the global `__import__`. */
export function withRealImports(output: string): string {
  return output.replace(dynamicImport, "$1__import__($2, require)  ");
}

/** What `import(name)` gives where `require` is the one at hand. */
export async function importFrom(name: string, require: NodeJS.Require): Promise<unknown> {
  if (/^(?:file|data):/.test(name) || isBuiltin(name)) return await import(name);
  const module = isPackage(name) ? await loadEsModule(name, folderOf(require)) : undefined;
  return module ?? namespaceOf(require(name));
}

/** The ES module of a package as seen from `folder`; undefined where `require` can load it. */
async function loadEsModule(name: string, folder: string): Promise<Namespace | undefined> {
  const known = loaded.get(keyOf(name, folder));
  if (known !== undefined) return known;
  const path = pathForRequire(name, folder);
  if (path !== undefined && !isEsModule(path)) return undefined;
  const namespace: Namespace =
    path === undefined
      ? await importerOf(folder)(name)
      : // A file's path is what its package gives for its name.
        await import(pathToFileURL(path).href);
  const module = forCommonJs(namespace);
  loaded.set(keyOf(name, folder), module);
  return module;
}

/** Where `require` finds the package; undefined where only `import` can. */
function pathForRequire(name: string, folder: string): string | undefined {
  try {
    return createRequire(join(folder, "src.js")).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw error;
  }
}

/** `import(name)` as a file of that folder would say it. */
function importerOf(folder: string): (name: string) => Promise<Namespace> {
  const script = new Script("(name) => import(name)", {
    filename: join(folder, "src.js"),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  // The script is the function above.
  return script.runInThisContext() as (name: string) => Promise<Namespace>;
}

function isEsModule(path: string): boolean {
  const extension = extname(path);
  if (extension !== ".js") return extension === ".mjs";
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (!existsSync(file)) continue;
    // Node has read it already, so it is JSON.
    return (JSON.parse(readFileSync(file, "utf8")) as { type?: unknown }).type === "module";
  }
  return false;
}

/** The namespace with the mark by which compiled CommonJS takes it for one. */
function forCommonJs(namespace: Namespace): Namespace {
  return bindings(namespace, {
    __esModule: { value: true },
    [inspect.custom]: { value: () => namespace },
  });
}

/** A module that `require` gave, as `import` gives it. */
function namespaceOf(module: unknown): unknown {
  if ((module as { __esModule?: unknown } | null)?.__esModule) return module;
  const members = typeof module === "object" || typeof module === "function" ? module : undefined;
  // Only its own members are looked at.
  return bindings((members ?? {}) as Namespace, {
    default: { value: module, enumerable: true },
    [inspect.custom]: { value: () => ({ ...(members ?? {}), default: module }) },
  });
}

function bindings(source: Namespace, more: PropertyDescriptorMap): Namespace {
  const result: Namespace = {};
  for (const name of Object.keys(source)) {
    Object.defineProperty(result, name, {
      configurable: true,
      enumerable: true,
      get: () => source[name],
    });
  }
  return Object.defineProperties(result, more);
}
