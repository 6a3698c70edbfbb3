import type { MagicDescription, VariableDefinition } from "../extension.ts";

/** A place in a cell's own text; line and column from 0, column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One error or warning of the compiler or of the cell syntax. */
export interface Diagnostic {
  /** TypeScript's number; 0 for the cell syntax's own. */
  readonly code: number;
  readonly message: string;
  readonly start: Position;
  readonly end: Position;
  /** A local file other than the cell, relative to the notebook's folder. */
  readonly fileName?: string;
}

/** JavaScript that the runtime can run, made from a cell. */
export interface CompiledCell {
  /** CommonJS output of tslab's converter; undefined when there is nothing to run. */
  readonly output: string | undefined;
  readonly hasTopLevelAwait: boolean;
  /** Export that holds the value of the last expression; undefined after `;` or where there is none. */
  readonly lastExpressionVariable: string | undefined;
  /** Local files the cell imports, as CommonJS, by absolute path. */
  readonly sideOutputs: readonly { readonly path: string; readonly data: string }[];
  /** Version 3 source map (JSON text) from `output` to the cell's own text, for tracebacks. */
  readonly sourceMap: string | undefined;
  /** `%%name` around the cell; the compiled output is its body when the magic's body is code. */
  readonly cellMagic:
    | { readonly name: string; readonly line: string; readonly body: string }
    | undefined;
}

export type Conversion =
  | {
      readonly kind: "compiled";
      readonly cell: CompiledCell;
      /** Give this to `commit` once the cell has run. */
      readonly declarations: string;
      /** Names of variables the cell declares. */
      readonly declaredNames: readonly string[];
    }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] };

/** Candidates replace `start..end` (UTF-16 offsets) of the cell's own text. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly {
    readonly text: string;
    /** As JupyterLab shows it: "function", "keyword", "property", "path", "magic", "option" … */
    readonly type: string;
    readonly signature?: string;
  }[];
}

export interface Inspection {
  /** `text/plain`, and `text/markdown` where it says more. */
  readonly data: Readonly<Record<string, string>>;
}

export type IsComplete =
  | { readonly status: "complete" | "invalid" | "unknown" }
  | { readonly status: "incomplete"; readonly indent: string };

/**
 * The TypeScript side of a notebook: text in, JavaScript, completions and documentation out. It
 * keeps the declarations of the cells that ran, and never runs anything. Positions are those of
 * the cell's own text, magics included.
 */
export interface Language {
  /**
   * Loads the compiler and the standard library now, which blocks for about a second, so that the
   * first cell need not wait for it. Without it, the first use does so.
   */
  prepare(): void;
  /**
   * Reads some more of what cells are likely to need, in some 50 ms; false where nothing is left.
   * For when nobody waits for anything else.
   */
  readAhead(): boolean;
  /** Names after `%` and `%%` in `code` that no description covers. */
  unknownMagics(code: string): readonly string[];
  setMagics(magics: readonly MagicDescription[]): void;
  /** `after` is the `declarations` of a conversion that is not committed yet: converts as if it were. */
  convert(code: string, after?: string): Conversion;
  /**
   * The cell ran: its declarations are there for later cells, but for names it failed to set. Gives
   * all that is declared now, which is the state of a notebook but for its module cells.
   */
  commit(declarations: string, unsetNames?: readonly string[]): string;
  /** Adds or replaces variables that magics defined; gives all that is declared now. */
  define(variables: readonly VariableDefinition[]): string;
  /** Forgets all declarations (fresh runtime, `%reset`). */
  reset(): void;
  complete(code: string, cursorUtf16: number): Completion;
  /** `detailLevel` 1 adds the source where it is known. */
  inspect(code: string, cursorUtf16: number, detailLevel: 0 | 1): Inspection | undefined;
  isComplete(code: string): IsComplete;
  /** `name?` and `name??`: the inspection to page, when the cell is nothing but that. */
  help(
    code: string,
  ): { readonly inspection: Inspection | undefined; readonly name: string } | undefined;
  /** The notebook's folder changed (`%cd`), or a package was installed: resolve modules anew. */
  setFolder(folder: string): void;
  close(): void;
}

/** A language that may be somewhere else: its methods give what `Language` says, or a promise of it. */
export type LanguageService = {
  readonly [Name in keyof Language]: (
    ...parameters: Parameters<Language[Name]>
  ) => ReturnType<Language[Name]> | Promise<ReturnType<Language[Name]>>;
};
