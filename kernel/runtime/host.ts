import { statSync } from "node:fs";
import { resolve } from "node:path";
import { KernelError } from "../errors.ts";
import type { CellInfo, MagicDescription, VariableDefinition } from "../extension.ts";
import { contextCell, outputCell, outputExecution } from "./cell-context.ts";
import { askColab } from "./colab.ts";
import { comms } from "./comms.ts";
import { display } from "./display.ts";
import { errorContent } from "./error-content.ts";
import { evaluateJavaScript } from "./evaluate.ts";
import { send } from "./event-writer.ts";
import { ExtensionRegistry } from "./extension-registry.ts";
import { input } from "./input.ts";
import type { KernelHost } from "./kernel-host.ts";
import { folderRequire, importPackage } from "./modules.ts";
import { askPastCells } from "./past-cells.ts";
import { runCompiled } from "./run-compiled.ts";
import { rememberFrames, SourceFrames } from "./source-frames.ts";
import type { CellExecutor } from "./tslab-executor.ts";

type Outcome = "ok" | "error" | "interrupted";

interface Listeners {
  readonly start: ((cell: CellInfo) => void | Promise<void>)[];
  readonly end: ((cell: CellInfo, outcome: Outcome) => void | Promise<void>)[];
  readonly deleted: ((cellIds: readonly string[]) => void | Promise<void>)[];
  readonly shutdown: (() => void | Promise<void>)[];
}

/** The host of this runtime, and what the runtime itself asks of it. */
export interface RuntimeHost {
  readonly host: KernelHost;
  readonly registry: ExtensionRegistry;
  cellStarts(cell: CellInfo): Promise<void>;
  cellEnds(cell: CellInfo, outcome: Outcome): Promise<void>;
  cellsDeleted(cellIds: readonly string[]): Promise<void>;
  shutsDown(): Promise<void>;
}

export function createHost(
  executor: CellExecutor,
  options: { readonly folder: string; readonly extensions: readonly string[] },
): RuntimeHost {
  const listeners: Listeners = { start: [], end: [], deleted: [], shutdown: [] };
  let runs = 0;
  const never = new AbortController().signal;
  const tslabRequire = executor.cellRequire;
  let folder = options.folder;
  const announce = async () => {
    send({ type: "magics", magics: await registry.describe(), isAnswer: false });
  };
  const host: KernelHost = {
    display,
    input,
    comms,
    askColab,
    pastCells: askPastCells,
    variables: {
      names: () => Object.keys(executor.locals).filter((name) => !name.startsWith("tsLastExpr")),
      has: (name) => Object.hasOwn(executor.locals, name),
      get: (name) => executor.locals[name],
      set(definition, value) {
        executor.locals[definition.name] = value;
        define(definition);
      },
    },
    get folder() {
      return folder;
    },
    get cell() {
      return contextCell()?.info;
    },
    get signal() {
      return contextCell()?.abort.signal ?? never;
    },
    onCellStart: (listener) => void listeners.start.push(listener),
    onCellEnd: (listener) => void listeners.end.push(listener),
    onCellsDeleted: (listener) => void listeners.deleted.push(listener),
    onShutdown: (listener) => void listeners.shutdown.push(listener),
    changeFolder(path) {
      const target = resolve(folder, path);
      if (!statSync(target, { throwIfNoEntry: false })?.isDirectory()) {
        throw new KernelError("NO_SUCH_FOLDER", `There is no folder ${target}.`, {
          hint: `The folder now is ${folder}.`,
        });
      }
      process.chdir(target);
      folder = target;
      executor.cellRequire = folderRequire(tslabRequire, { root: options.folder, folder });
      send({ type: "event", event: { type: "folder", execution: outputExecution(), folder } });
    },
    reset() {
      executor.reset();
      const cell = outputCell();
      if (cell === undefined) return;
      cell.isReset = true;
      cell.variables.clear();
    },
    packagesChanged() {
      send({ type: "event", event: { type: "packages", execution: outputExecution() } });
    },
    async loadExtension(name, loadOptions) {
      await registry.load(name, loadOptions);
      await announce();
    },
    describeMagics: (): Promise<readonly MagicDescription[]> => registry.describe(),
    async evaluate(javaScript) {
      const before = new Set(Object.keys(executor.locals));
      const scope = { locals: executor.locals, require: executor.cellRequire };
      const value = await evaluateJavaScript(javaScript, scope);
      for (const name of Object.keys(executor.locals)) {
        if (!before.has(name)) define({ name, type: "any" });
      }
      return value;
    },
    async runCompiled(compiled, { label, source }) {
      runs++;
      const frames = new SourceFrames({ name: `run-${runs}`, label, source, compiled });
      rememberFrames(frames);
      const end = await runCompiled(parts(), compiled, frames);
      if (end.status === "thrown") throw end.thrown;
      return end.value;
    },
    define,
    importModule: (name) => importPackage(name, folder),
    addPayload: (payload) => void outputCell()?.payload.push(payload),
  };
  const registry = new ExtensionRegistry(host, options.extensions);
  const parts = () => ({ runtime, execute: executor.execute });
  const runtime: RuntimeHost = {
    host,
    registry,
    cellStarts: (cell) => inOrder(listeners.start, (listener) => listener(cell)),
    cellEnds: (cell, outcome) => inOrder(listeners.end, (listener) => listener(cell, outcome)),
    cellsDeleted: (ids) =>
      ids.length === 0
        ? Promise.resolve()
        : inOrder(listeners.deleted, (listener) => listener(ids)),
    async shutsDown() {
      // What began last may rest on what began first.
      await Promise.all([...listeners.shutdown].reverse().map((listener) => guarded(listener)));
    },
  };
  return runtime;
}

function define(definition: VariableDefinition): void {
  outputCell()?.variables.set(definition.name, definition);
}

/** Listeners are of extensions: a failing one is told and stops nobody else. */
async function inOrder<Listener>(
  listeners: readonly Listener[],
  call: (listener: Listener) => void | Promise<void>,
): Promise<void> {
  for (const listener of listeners) await guarded(() => call(listener));
}

async function guarded(call: () => void | Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    display.write("stderr", `${errorContent(error).traceback.join("\n")}\n`);
  }
}
