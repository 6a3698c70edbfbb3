import { existsSync } from "node:fs";
import { join } from "node:path";
import { ownPackageFolder } from "./own-package.ts";
import type { TypeScript, ts } from "./typescript.ts";

/** Options of a folder's `tsconfig.json` that mean something in a notebook. */
const honouredOptions = [
  "allowSyntheticDefaultImports",
  "allowUnreachableCode",
  "allowUnusedLabels",
  "alwaysStrict",
  "baseUrl",
  "emitDecoratorMetadata",
  "exactOptionalPropertyTypes",
  "experimentalDecorators",
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "lib",
  "noFallthroughCasesInSwitch",
  "noImplicitAny",
  "noImplicitOverride",
  "noImplicitReturns",
  "noImplicitThis",
  "noPropertyAccessFromIndexSignature",
  "noUncheckedIndexedAccess",
  "paths",
  "pathsBasePath",
  "resolveJsonModule",
  "strict",
  "strictBindCallApply",
  "strictFunctionTypes",
  "strictNullChecks",
  "strictPropertyInitialization",
  "types",
  "useDefineForClassFields",
  "useUnknownInCatchVariables",
] as const;

/** tslab's options with those of a notebook, and of the folder's `tsconfig.json`, in place. */
export function notebookOptions(
  typescript: TypeScript,
  folder: string,
  defaults: ts.CompilerOptions,
): ts.CompilerOptions {
  const configured = readConfiguredOptions(typescript, folder);
  return {
    ...defaults,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    lib: ["lib.es2023.d.ts"],
    inlineSourceMap: true,
    ...configured,
    types: ["node", ...(configured.types ?? [])],
    typeRoots: typeRootsOf(folder),
  };
}

/** The folder's own `@types` first where they have Node.js, else those of this package. */
function typeRootsOf(folder: string): string[] {
  const own = ["node_modules/@types", "../@types"].map((path) => join(ownPackageFolder, path));
  const roots = [join(folder, "node_modules/@types"), ...own];
  const hasNode = (root: string) => existsSync(join(root, "node/package.json"));
  return roots.filter((root) => hasNode(root)).concat(roots.filter((root) => !hasNode(root)));
}

function readConfiguredOptions(typescript: TypeScript, folder: string): ts.CompilerOptions {
  const path = join(folder, "tsconfig.json");
  if (!existsSync(path)) return {};
  const { config } = typescript.readConfigFile(path, typescript.sys.readFile);
  // Only the options are wanted: the notebook's folder is not searched for source files.
  const host = { ...typescript.sys, useCaseSensitiveFileNames: true, readDirectory: () => [] };
  const parsed = typescript.parseJsonConfigFileContent(config ?? {}, host, folder);
  return Object.fromEntries(
    honouredOptions
      .map((name) => [name, parsed.options[name]] as const)
      .filter(([, value]) => value !== undefined),
  );
}
