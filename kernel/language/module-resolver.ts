import { existsSync } from "node:fs";
import { join } from "node:path";
import { ownPackageFolder } from "./own-package.ts";
import type { TypeScript, ts } from "./typescript.ts";

/** Declarations of what this package gives, for notebooks in a folder that has no copy of it. */
const ownModules: Readonly<Record<string, string>> = {
  colabcode: "dist/magics/index.d.ts",
  "colabcode/extension": "dist/kernel/extension.d.ts",
};

/** Finds what a cell or file imports: from the notebook's folder, else from the kernel's own packages. */
export class ModuleResolver {
  readonly #typescript: TypeScript;
  readonly #host: ts.ModuleResolutionHost;
  readonly #options: ts.CompilerOptions;
  readonly #packageCache: ts.ModuleResolutionCache;
  readonly #found = new Map<string, ts.ResolvedModuleWithFailedLookupLocations>();
  readonly #filesWithFailures = new Set<string>();

  constructor(
    typescript: TypeScript,
    host: ts.ModuleResolutionHost & { getCurrentDirectory(): string },
    options: ts.CompilerOptions,
  ) {
    this.#typescript = typescript;
    this.#host = host;
    this.#options = options;
    this.#packageCache = typescript.createModuleResolutionCache(
      host.getCurrentDirectory(),
      (name) => name,
      options,
    );
  }

  /** Resolves the imports of one file, as TypeScript asks for them. */
  resolveAll(
    names: readonly string[],
    containingFile: string,
  ): ts.ResolvedModuleWithFailedLookupLocations[] {
    if (containingFile.includes("/node_modules/")) {
      return names.map((name) => this.#resolve(name, containingFile, this.#packageCache));
    }
    const resolved = names.map((name) => this.#resolveLocal(name, containingFile));
    const hasFailure = resolved.some(({ resolvedModule }) => resolvedModule === undefined);
    if (hasFailure) this.#filesWithFailures.add(containingFile);
    else this.#filesWithFailures.delete(containingFile);
    return resolved;
  }

  /** Resolves `/// <reference types>` and the option `types`, as TypeScript asks for them. */
  resolveTypes(
    references: readonly (ts.FileReference | string)[],
    containingFile: string,
  ): ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations[] {
    return references.map((reference) =>
      this.#typescript.resolveTypeReferenceDirective(
        typeof reference === "string" ? reference : reference.fileName,
        containingFile,
        this.#options,
        this.#host,
      ),
    );
  }

  /** Whether something that the file imports was missing, so that it must be looked for again. */
  hasFailures(file: string): boolean {
    return this.#filesWithFailures.has(file);
  }

  /** Whether anything is missing. */
  get hasAnyFailure(): boolean {
    return this.#filesWithFailures.size > 0;
  }

  /** Finds are kept while the file is there; failures are not: the next cell may install a package. */
  #resolveLocal(name: string, containingFile: string): ts.ResolvedModuleWithFailedLookupLocations {
    const key = `${containingFile}\n${name}`;
    const kept = this.#found.get(key);
    if (kept?.resolvedModule && existsSync(kept.resolvedModule.resolvedFileName)) return kept;
    const result = this.#resolveWithFallback(name, containingFile);
    if (result.resolvedModule?.extension.endsWith("ts")) this.#found.set(key, result);
    return result;
  }

  #resolveWithFallback(
    name: string,
    containingFile: string,
  ): ts.ResolvedModuleWithFailedLookupLocations {
    const result = this.#resolve(name, containingFile);
    if (result.resolvedModule !== undefined || name.startsWith(".") || name.startsWith("/")) {
      return result;
    }
    const ownModule = ownModules[name];
    const path = ownModule === undefined ? undefined : join(ownPackageFolder, ownModule);
    if (path !== undefined && existsSync(path)) {
      const extension = this.#typescript.Extension.Dts;
      return {
        ...result,
        resolvedModule: { resolvedFileName: path, extension, isExternalLibraryImport: true },
      };
    }
    return this.#resolve(name, join(ownPackageFolder, "package.json"));
  }

  #resolve(
    name: string,
    containingFile: string,
    cache?: ts.ModuleResolutionCache,
  ): ts.ResolvedModuleWithFailedLookupLocations {
    return this.#typescript.resolveModuleName(
      name,
      containingFile,
      this.#options,
      this.#host,
      cache,
    );
  }
}
