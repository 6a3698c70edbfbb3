import Module, { createRequire } from "node:module";
import vm from "node:vm";
import type { CompiledCell } from "../language/language.ts";
import { loadStaticImports, withRealImports } from "./es-modules.ts";
import { Interruption } from "./interruption.ts";

/**
 * The one door to tslab's executor. The cells come converted from the kernel process, so that
 * TypeScript, which tslab's modules would load, is never loaded here.
 */
const require = createRequire(import.meta.url);

interface TslabExecutor {
  execute(source: string): Promise<boolean>;
  readonly locals: Record<string, unknown>;
  reset(): void;
  interrupt(): void;
}

interface TslabConvertResult {
  readonly output: string | undefined;
  readonly declOutput: string;
  readonly diagnostics: readonly never[];
  readonly hasToplevelAwait: boolean;
  readonly sideOutputs: readonly { readonly path: string; readonly data: string }[];
}

interface TslabModule {
  createExecutor(
    rootDirectory: string,
    converters: {
      readonly node: { convert(): TslabConvertResult };
      readonly browser: undefined;
      close(): void;
    },
    console: { log(value: unknown): void; error(value: unknown): void },
  ): TslabExecutor;
}

/** Shows what `tslab.display` is given. */
export type TslabDisplay = (
  data: {
    readonly data: Readonly<Record<string, unknown>>;
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly transient: { readonly display_id: string | undefined };
  },
  isUpdate: boolean | undefined,
) => void;

/** Columns that the wrapper around a cell takes on its first line. */
export function wrapperColumns(compiled: CompiledCell): number {
  return compiled.hasTopLevelAwait
    ? "(async function(exports, require) { ".length
    : "(function(exports, require) { ".length;
}

export type CellEnd =
  | { readonly status: "ok"; readonly value: unknown }
  | { readonly status: "thrown"; readonly thrown: unknown };

export interface CellExecutor {
  /** The notebook's variables. */
  readonly locals: Record<string, unknown>;
  /** What cells are given as `require`. */
  cellRequire: NodeJS.Require;
  /** Runs a cell; `name` is what its stack frames say. Never rejects. */
  execute(compiled: CompiledCell, name: string): Promise<CellEnd>;
  /** Ends what is awaited at the top level of running cells. */
  interrupt(): void;
  reset(): void;
}

export function createCellExecutor(folder: string, showTslab: TslabDisplay): CellExecutor {
  standIn("tslab/dist/metadata.js", { getCodeMetadata: () => ({}) });
  standIn("tslab/dist/jupyter.js", { lastWriteDisplayData: showTslab });
  const tslab: TslabModule = require("tslab/dist/executor.js");
  let converted: TslabConvertResult | undefined;
  let thrown: { readonly value: unknown } | undefined;
  const convert = (): TslabConvertResult => {
    if (converted === undefined) throw new Error("There is no cell to run.");
    return converted;
  };
  const executor = tslab.createExecutor(
    folder,
    { node: { convert }, browser: undefined, close: () => undefined },
    {
      log: () => undefined,
      error: (value) => {
        thrown = { value };
      },
    },
  );
  const running = new Set<(end: CellEnd) => void>();
  const executeNow = async (compiled: CompiledCell, name: string): Promise<CellEnd> => {
    converted = convertResult(compiled, name);
    thrown = undefined;
    const isOk = await withoutSigintWatch(() => executor.execute(""));
    if (!isOk) {
      const value = (thrown as { readonly value: unknown } | undefined)?.value;
      return { status: "thrown", thrown: value };
    }
    const variable = compiled.lastExpressionVariable;
    if (variable === undefined) return { status: "ok", value: undefined };
    const value = executor.locals[variable];
    delete executor.locals[variable];
    return { status: "ok", value };
  };
  // tslab keeps what cells see here, and reads it anew for each.
  const seen = (globalThis as unknown as { __tslab__: { require: NodeJS.Require } }).__tslab__;
  return {
    locals: executor.locals,
    get cellRequire() {
      return seen.require;
    },
    set cellRequire(value) {
      seen.require = value;
    },
    execute(compiled, name) {
      if (compiled.output === undefined) return Promise.resolve({ status: "ok", value: undefined });
      return new Promise((resolve) => {
        running.add(resolve);
        const end = (how: CellEnd) => {
          resolve(how);
          running.delete(resolve);
        };
        // From a stack of its own: one that is terminated settles nothing, and takes its callers
        // with it.
        const run = () =>
          setImmediate(async () => {
            if (running.has(resolve)) end(await executeNow(compiled, name));
          });
        const loading = loadStaticImports(compiled, seen.require);
        if (loading === undefined) run();
        else loading.then(run, (thrown: unknown) => end({ status: "thrown", thrown }));
      });
    },
    interrupt() {
      executor.interrupt();
      for (const resolve of running) resolve({ status: "thrown", thrown: new Interruption() });
      running.clear();
    },
    reset: () => executor.reset(),
  };
}

/**
 * Lets tslab run a cell without watching for SIGINT meanwhile: the thread that Node makes for that
 * takes longer than most cells, and interrupts come another way. The cell itself sees Node's own.
 */
function withoutSigintWatch<Result>(execute: () => Result): Result {
  const { runInThisContext } = vm;
  const restore = () => {
    vm.runInThisContext = runInThisContext;
  };
  vm.runInThisContext = (code, options) => {
    restore();
    return runInThisContext(code, {
      ...(typeof options === "object" ? options : {}),
      breakOnSigint: false,
    });
  };
  try {
    return execute();
  } finally {
    restore();
  }
}

function convertResult(compiled: CompiledCell, name: string): TslabConvertResult {
  return {
    output: `${withRealImports(compiled.output ?? "")}\n//# sourceURL=${name}`,
    declOutput: "",
    diagnostics: [],
    hasToplevelAwait: compiled.hasTopLevelAwait,
    sideOutputs: compiled.sideOutputs.map(({ path, data }) => ({
      path,
      data: withRealImports(data),
    })),
  };
}

/** Makes `exports` what tslab finds when it requires one of its own heavy modules. */
function standIn(id: string, exports: unknown): void {
  const path = require.resolve(id);
  const module = new Module(path);
  module.filename = path;
  module.loaded = true;
  module.exports = exports;
  require.cache[path] = module;
}
