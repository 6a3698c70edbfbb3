/** The only door to tslab's converter and to the TypeScript that it is built on. */
import { createRequire } from "node:module";
import type ts from "@tslab/typescript-for-tslab";
import type { Converter, ConverterOptions } from "tslab/dist/converter.js";

export type { Converter, ts };

/** What tslab's TypeScript has beyond its public types. */
interface Internals {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  isGlobalScopeAugmentation(module: ts.Node): boolean;
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  /** A function of tslab's copy alone: the errors of some files of a program. */
  getPreEmitDiagnosticsOfFiles(
    program: ts.Program,
    files: readonly ts.SourceFile[],
  ): readonly ts.Diagnostic[];
  readonly Completions: {
    getCompletionsAtPosition(
      host: object,
      program: ts.Program,
      log: (text: string) => void,
      file: ts.SourceFile,
      position: number,
      preferences: ts.UserPreferences,
      triggerCharacter: undefined,
      completionKind: undefined,
      cancellationToken: ts.CancellationToken,
      formatContext: undefined,
      includeSymbol: boolean,
    ): ts.CompletionInfo | undefined;
  };
}

export type TypeScript = typeof ts & Internals;

const require = createRequire(import.meta.url);

let loaded: TypeScript | undefined;

/** Loads TypeScript at the first call, which takes 0.2 s. */
export function loadTypeScript(): TypeScript {
  if (loaded !== undefined) return loaded;
  // tslab's own copy: it need not be hoisted to where this file would look.
  const fromTslab = createRequire(require.resolve("tslab/dist/converter.js"));
  loaded = fromTslab("@tslab/typescript-for-tslab") as TypeScript;
  return loaded;
}

/** Replaces what the converter sees of TypeScript. */
export type Overrides = Partial<
  Pick<
    TypeScript,
    | "sys"
    | "createWatchCompilerHost"
    | "createWatchProgram"
    | "transpileModule"
    | "getPreEmitDiagnosticsOfFiles"
  >
>;

/** tslab's converter over its own view of TypeScript, with `overrides` in place. */
export function createTslabConverter(overrides: Overrides, options: ConverterOptions): Converter {
  const typescript = loadTypeScript();
  const converterPath = require.resolve("tslab/dist/converter.js");
  const typescriptPath = createRequire(converterPath).resolve("@tslab/typescript-for-tslab");
  const original = require.cache[typescriptPath];
  if (original === undefined) throw new Error("TypeScript is not in the module cache");
  // The module's properties are read-only getters, so a child object carries the replacements.
  const replacements = { ...overrides, __esModule: true };
  const view = Object.create(typescript, Object.getOwnPropertyDescriptors(replacements));
  delete require.cache[converterPath];
  require.cache[typescriptPath] = Object.assign(Object.create(original), { exports: view });
  try {
    const { createConverter } = require(converterPath) as typeof import("tslab/dist/converter.js");
    return createConverter(options);
  } finally {
    require.cache[typescriptPath] = original;
    delete require.cache[converterPath];
  }
}
