import type { Host, MagicDescription, MimeBundle, VariableDefinition } from "../extension.ts";
import type { CompiledCell } from "../language/language.ts";
import type { PastCell, PastCellsQuery } from "./runtime.ts";

/** What the kernel's own magics may do beyond what any extension may. */
export interface KernelHost extends Host {
  /** Changes the folder of the notebook; rejects when there is none such. */
  changeFolder(folder: string): void;
  /** Forgets all variables. */
  reset(): void;
  /** A package came or went: modules are resolved anew. */
  packagesChanged(): void;
  loadExtension(name: string, options?: { isAgain?: boolean }): Promise<void>;
  describeMagics(): Promise<readonly MagicDescription[]>;
  /** Runs a JavaScript expression or statements over the notebook's variables. */
  evaluate(javaScript: string): Promise<unknown>;
  /** Runs a converted cell as part of the running one; rejects with what it throws. */
  runCompiled(
    compiled: CompiledCell,
    from: { readonly label: string; readonly source: string },
  ): Promise<unknown>;
  /** Declares a variable that is there already. */
  define(variable: VariableDefinition): void;
  /** Imports a package or file as a cell would. */
  importModule(name: string): Promise<unknown>;
  /** Cells that the kernel remembers, in the order they ran. */
  pastCells(query: PastCellsQuery): Promise<readonly PastCell[]>;
  /** Adds an entry to the reply's `payload`. */
  addPayload(payload: MimeBundle): void;
}
