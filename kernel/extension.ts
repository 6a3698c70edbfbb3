/**
 * The seam that extensions and magics are written against. An extension is an npm package whose
 * main module exports `extension: Extension`; `%load_ext NAME` loads it, `colabcode` is loaded by
 * default. Loading must be cheap: import heavy things inside `run`.
 */
import type { z } from "zod";
import { KernelError } from "./errors.ts";
import type { ProgramBundle } from "./language/program-bundle.ts";

export { KernelError, nearest } from "./errors.ts";
export { type Manifest, readManifest } from "./language/manifest.ts";
export type { ProgramBundle } from "./language/program-bundle.ts";
export {
  describeMagic,
  formatHelp,
  type ParsedLine,
  parseLine,
  parseOptions,
  UsageError,
} from "./options.ts";

/** A value by MIME type, as Jupyter messages carry it. Binary types are base64 text. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** The cell that is being executed. */
export interface CellInfo {
  /** Counts executions in this runtime, from 1; unique, also for silent ones. */
  readonly execution: number;
  /** What `In[n]` shows. */
  readonly executionCount: number;
  /** `metadata.cellId` where the front end sends it. */
  readonly cellId: string | undefined;
}

/** One place in the outputs whose content can be replaced later, also after the cell is done. */
export interface DisplayHandle {
  readonly id: string;
  update(data: MimeBundle, metadata?: MimeBundle): void;
}

export interface Display {
  /** Shows a bundle in the output of the cell that calls; the handle replaces it in place. */
  show(data: MimeBundle, options?: { metadata?: MimeBundle; displayId?: string }): DisplayHandle;
  /** Replaces a display by id, wherever it was shown. */
  update(displayId: string, data: MimeBundle, metadata?: MimeBundle): void;
  /**
   * Says what a display becomes when the runtime ends before it took this back by undefined: dies,
   * or is shut down without time for its listeners.
   */
  lastWill(displayId: string, data: MimeBundle | undefined): void;
  clear(options?: { wait?: boolean }): void;
  write(stream: "stdout" | "stderr", text: string): void;
}

/** A variable that a magic gives to the notebook. `type` is TypeScript text, e.g. `import("colabcode").Model<{ tempo: number }>`. */
export interface VariableDefinition {
  readonly name: string;
  readonly type: string;
  /** `declare namespace NAME { … }` of the variable's own name, with types that `type` refers to. */
  readonly declarations?: string;
}

/** The notebook's variables, as later cells see them. */
export interface Variables {
  names(): string[];
  has(name: string): boolean;
  get(name: string): unknown;
  /** Defines or replaces a variable for this and later cells. */
  set(definition: VariableDefinition, value: unknown): void;
}

export interface Input {
  /** False where the front end does not take input (`allow_stdin`); asking then rejects. */
  readonly isAllowed: boolean;
  ask(prompt: string, options?: { password?: boolean; signal?: AbortSignal }): Promise<string>;
}

/** One open comm (Jupyter messaging, "Custom Messages"). Data is JSON; buffers are binary. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  send(data: unknown, options?: { metadata?: unknown; buffers?: readonly Uint8Array[] }): void;
  close(data?: unknown): void;
  onMessage(listener: (data: unknown, buffers: readonly Uint8Array[]) => void): void;
  onClose(listener: (data: unknown) => void): void;
}

export interface Comms {
  open(
    target: string,
    data?: unknown,
    options?: { metadata?: unknown; buffers?: readonly Uint8Array[] },
  ): Comm;
  /** Called when the front end opens a comm to `target`. */
  registerTarget(target: string, onOpen: (comm: Comm, data: unknown) => void): void;
}

/** What the runtime offers to an extension for as long as the runtime lives. */
export interface Host {
  readonly display: Display;
  readonly variables: Variables;
  readonly input: Input;
  readonly comms: Comms;
  /** Folder of the notebook, absolute; changes with `%cd`. */
  readonly folder: string;
  /** The cell running now, by asynchronous context; undefined outside of one. */
  readonly cell: CellInfo | undefined;
  /** Aborted when the running cell is interrupted; a fresh one for each cell. */
  readonly signal: AbortSignal;
  /** Before a cell's code runs. */
  onCellStart(listener: (cell: CellInfo) => void | Promise<void>): void;
  /** After a cell's code is done, failed or was interrupted, before its reply; awaited. */
  onCellEnd(
    listener: (cell: CellInfo, outcome: "ok" | "error" | "interrupted") => void | Promise<void>,
  ): void;
  /** The front end says at an execution which cells are gone (`metadata.deletedCells`); awaited before the code runs. */
  onCellsDeleted(listener: (cellIds: readonly string[]) => void | Promise<void>): void;
  /** The runtime ends in order (shutdown, restart); listeners have 1.5 s. A crash calls nobody: helpers must watch their pipe. */
  onShutdown(listener: () => void | Promise<void>): void;
  /**
   * Asks the page of Google Colab that the cell runs in (`colab_request`); gives the data of its
   * answer. Other front ends never answer: it rejects when `signal` aborts, and when the page
   * answers with an error. Absent outside of notebooks.
   */
  askColab?(type: string, request: unknown, signal: AbortSignal): Promise<unknown>;
}

/** A variable named by the option whose camelCase key is `option`; `type` is TypeScript text. */
export interface DefinedVariable {
  readonly option: string;
  readonly type: string;
}

/** A command of a magic, or a magic without commands. */
export interface MagicCommand<Schema extends z.ZodObject = z.ZodObject> {
  /** `""` for a magic without commands, else one word. */
  readonly name: string;
  /** One line, starting with a verb; shown by help, completion and README. */
  readonly summary: string;
  /** Names of options filled from bare words, in order; a last one that ends with `...` takes the rest as an array. */
  readonly positionals?: readonly string[];
  /**
   * Options. Keys are camelCase; on the line `maxDepth` is `--max-depth`. Booleans are flags
   * (`--wait`, `--no-probe`). Descriptions (`.describe()`) and defaults show in help; `.meta({ secret: true })`
   * masks the value; `.meta({ complete: "path" | "variable" | "column" })` guides completion;
   * `.meta({ placeholder: "PORT" })` names the value in help; `.meta({ short: "a" })` adds `-a`;
   * `.meta({ raw: true })` on a last positional takes the rest of the line as written.
   * A union with a boolean may stand without its value: `--password` gives true, `--password=x` the text.
   */
  readonly options: Schema;
  /** Lines that work, shown by help. */
  readonly examples?: readonly string[];
  /**
   * Variables the command will define, known before it runs, so that the rest of the cell can use
   * them. Each is named by the value of an option, or by the option's default. The exact type
   * replaces this one after the run.
   */
  readonly defines?: readonly DefinedVariable[];
  /** Returns the value of the line (shown if it is the cell's last), or throws. */
  run(options: z.infer<Schema>, call: MagicCall): unknown;
}

/** One use of a magic in a cell. */
export interface MagicCall {
  readonly host: Host;
  readonly cell: CellInfo;
  readonly signal: AbortSignal;
  /** The text after the magic's name, as written. */
  readonly line: string;
  /** The cell's text below a `%%magic` line; undefined for `%magic`. */
  readonly body: string | undefined;
  /** Runs the body of a `%%magic` whose body is code, once or more; gives the value of its last expression. */
  runBody(): Promise<unknown>;
}

export interface Magic {
  /** What follows `%` or `%%`. */
  readonly name: string;
  readonly summary: string;
  /** `"none"`: only `%name`. `"text"`: `%%name` takes the cell as text. `"code"`: `%%name` wraps the cell's TypeScript. */
  readonly body: "none" | "text" | "code";
  /** One command named `""`, or several. */
  readonly commands: readonly MagicCommand[];
}

export interface Extension {
  readonly name: string;
  readonly magics: readonly Magic[];
  /** Called once per runtime when the extension is loaded; what it returns is called at shutdown. */
  activate?(host: Host): void | Promise<void>;
}

/** Types a command by its schema: `defineCommand({ options: z.object({…}), run(options) {…} })`. */
export function defineCommand<Schema extends z.ZodObject>(
  command: MagicCommand<Schema>,
): MagicCommand {
  // The schema parses what `run` is given, so the narrower parameter is always met.
  return command as unknown as MagicCommand;
}

const hostKey = Symbol.for("colabcode.kernel.host");

/** The host of the runtime this code runs in; undefined in a plain program. */
export function currentHost(): Host | undefined {
  return (globalThis as { [hostKey]?: Host })[hostKey];
}

/**
 * Comms of this notebook: messages of any shape between a cell and a page. `comms.open(target, data)`
 * opens one to a page that knows the target, `comms.registerTarget(target, onOpen)` takes those that
 * the page opens. Throws outside of a notebook.
 */
export const comms: Comms = {
  open: (target, data, options) => notebookComms().open(target, data, options),
  registerTarget: (target, onOpen) => notebookComms().registerTarget(target, onOpen),
};

function notebookComms(): Comms {
  const host = currentHost();
  if (host !== undefined) return host.comms;
  throw new KernelError("NO_NOTEBOOK", "There is no notebook to open comms to.", {
    hint: "This code runs in a plain program; run it in a cell.",
  });
}

/** For the runtime only: makes `host` what `currentHost()` gives. */
export function provideHost(host: Host): void {
  (globalThis as { [hostKey]?: Host })[hostKey] = host;
}

/** What completion, help and the cell syntax need to know of a magic; plain data. */
export interface MagicDescription {
  readonly name: string;
  readonly summary: string;
  readonly body: Magic["body"];
  readonly commands: readonly CommandDescription[];
}

export interface CommandDescription {
  readonly name: string;
  readonly summary: string;
  readonly positionals: readonly string[];
  readonly options: readonly OptionDescription[];
  readonly examples: readonly string[];
  /** As the command says; empty where it defines nothing. */
  readonly defines: readonly DefinedVariable[];
}

export interface OptionDescription {
  /** camelCase key. */
  readonly key: string;
  /** `--max-depth`. */
  readonly flag: string;
  /** `-a`, from `.meta({ short: "a" })`. */
  readonly short?: string;
  readonly type: "boolean" | "number" | "string" | "list";
  readonly description: string;
  readonly placeholder: string;
  readonly default: string | undefined;
  readonly choices: readonly string[] | undefined;
  readonly complete: "path" | "variable" | "column" | undefined;
  readonly isSecret: boolean;
}

/**
 * Makes one script of a program in this package's `path` and all that it imports, by the kernel's
 * compiler; `extras` are modules that the program is told to import. Takes about 2 s.
 */
export async function bundleProgram(
  path: string,
  extras?: readonly string[],
): Promise<ProgramBundle> {
  // By a URL, so that programs which are bundled with this file bring no compiler.
  const url = new URL("./language/program-bundle.js", import.meta.url).href;
  const compiler = (await import(url)) as typeof import("./language/program-bundle.ts");
  return compiler.bundleProgram(path, extras);
}
