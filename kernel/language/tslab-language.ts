import { existsSync } from "node:fs";
import { join } from "node:path";
import type { MagicDescription, VariableDefinition } from "../extension.ts";
import { type Cell, readCell } from "./cell.ts";
import { CellConverter } from "./cell-converter.ts";
import { type CellModule, isBrowserCell, readCellModule } from "./cell-module.ts";
import { prepareSource } from "./cell-source.ts";
import { findHelpRequest } from "./cell-syntax.ts";
import { completeCode, wordAround } from "./completion.ts";
import { browserCell, emptyCell, toConversion, toFailure } from "./conversion.ts";
import {
  addDeclarations,
  declaredVariables,
  declareVariables,
  restoreNames,
} from "./declarations.ts";
import { cellDiagnostics, syntaxDiagnostics } from "./diagnostics.ts";
import { EditedText } from "./edits.ts";
import { fileStamp } from "./file-stamp.ts";
import { formatInspection } from "./inspection.ts";
import { checkCompleteness } from "./is-complete.ts";
import type { Completion, Conversion, Inspection, IsComplete, Language } from "./language.ts";
import type { LocalOutput } from "./local-outputs.ts";
import { completeMagic } from "./magic-completion.ts";
import { describeMagicHelp } from "./magic-help.ts";
import { findMagicVariables } from "./magic-variables.ts";
import { ownPackageFolder } from "./own-package.ts";
import { completeSpecifier } from "./path-completion.ts";
import { readAhead } from "./read-ahead.ts";

export interface LanguageOptions {
  /** Where packages, local files and `tsconfig.json` are looked for first; absolute. */
  readonly folder: string;
  readonly language?: "typescript" | "javascript";
}

/** A language that is not bound to the folder it was made for. */
export interface MovableLanguage extends Language {
  /** Makes `folder` the notebook's, and keeps the compiler until a cell asks for something there. */
  moveTo(folder: string): void;
}

/** The TypeScript side of one notebook. Nothing is loaded before the first use or `prepare`. */
export function createLanguage(options: LanguageOptions): MovableLanguage {
  return new TslabLanguage(options);
}

class TslabLanguage implements MovableLanguage {
  readonly #isJavaScript: boolean;
  #folder: string;
  #converter: CellConverter | undefined;
  /** The converter was made for another folder, whose cells can import nothing. */
  #isConverterForeign = false;
  #declarations = "";
  /** Every local file that was compiled; a fresh runtime needs them again. */
  readonly #localOutputs = new Map<string, LocalOutput>();
  #areLocalOutputsKnown = true;
  readonly #modules = new Map<string, CellModule>();
  #tsconfigStamp = "";
  /** How the notebook wrote what it declares, by name. */
  readonly #texts = new Map<string, string>();
  #lastConverted:
    | { readonly declarations: string; readonly texts: ReadonlyMap<string, string> }
    | undefined;
  #magics: ReadonlyMap<string, MagicDescription> = new Map();

  constructor({ folder, language }: LanguageOptions) {
    this.#folder = folder;
    this.#isJavaScript = language === "javascript";
  }

  prepare(): void {
    this.#withConverter("", (converter) => converter.convert("", "1"));
  }

  readAhead(): boolean {
    return readAhead();
  }

  unknownMagics(code: string): readonly string[] {
    const cell = this.#read(code);
    const names = cell.magicLines.filter(({ kind }) => kind === "magic").map(({ name }) => name);
    if (cell.cellMagic !== undefined) names.unshift(cell.cellMagic.name);
    return [...new Set(names)].filter((name) => !this.#magics.has(name));
  }

  setMagics(magics: readonly MagicDescription[]): void {
    this.#magics = new Map(magics.map((magic) => [magic.name, magic]));
  }

  convert(code: string, after?: string): Conversion {
    const declarations = after ?? this.#declarations;
    const cell = this.#read(code);
    if (!hasCode(cell)) {
      return { kind: "compiled", cell: emptyCell(cell), declarations, declaredNames: [] };
    }
    if (isBrowserCell(code)) {
      const empty = browserCell(cell);
      return { kind: "compiled", cell: empty, declarations, declaredNames: [] };
    }
    const module = readCellModule(code);
    if (module !== undefined) return this.#convertModule(cell, module);
    const source = prepareSource(cell);
    if (source.syntaxErrors.length > 0) {
      return {
        kind: "failed",
        diagnostics: syntaxDiagnostics(source.syntaxErrors, source.code),
      };
    }
    const visible = declareVariables(declarations, this.#variablesOf(cell));
    if (!source.hasStatements) {
      return {
        kind: "compiled",
        cell: emptyCell(cell),
        declarations: visible,
        declaredNames: [],
      };
    }
    try {
      const text = source.code.text + source.suffix;
      const converted = this.#withConverter(visible + text, (converter) =>
        converter.convert(visible, text),
      );
      const conversion = toConversion(
        cell,
        source,
        converted,
        this.#takeLocalOutputs(converted.localOutputs),
      );
      if (conversion.kind === "failed") return conversion;
      const kept = addDeclarations(visible, conversion.declarations);
      this.#lastConverted = { declarations: kept, texts: source.texts };
      return { ...conversion, declarations: kept };
    } catch (error) {
      return toFailure(error);
    }
  }

  commit(declarations: string, unsetNames: readonly string[] = []): string {
    this.#declarations = restoreNames(declarations, this.#declarations, unsetNames);
    const converted = this.#lastConverted;
    if (converted?.declarations !== declarations) return this.#declarations;
    for (const [name, text] of converted.texts) {
      if (!unsetNames.includes(name)) this.#texts.set(name, text);
    }
    return this.#declarations;
  }

  define(variables: readonly VariableDefinition[]): string {
    this.#declarations = declareVariables(this.#declarations, variables);
    return this.#declarations;
  }

  reset(): void {
    this.#declarations = "";
    this.#areLocalOutputsKnown = false;
    this.#texts.clear();
  }

  complete(code: string, cursorUtf16: number): Completion {
    const cell = this.#read(code);
    const magic = completeMagic(cell, cursorUtf16, {
      magics: this.#magics,
      folder: this.#folder,
      variables: () => declaredVariables(this.#declarations),
    });
    if (magic !== undefined) return magic;
    if (!hasCode(cell)) return { start: cursorUtf16, end: cursorUtf16, candidates: [] };
    const folders = [this.#folder, ownPackageFolder];
    const specifier = completeSpecifier(folders, code, cursorUtf16);
    if (specifier !== undefined) return specifier;
    const visible = declareVariables(this.#declarations, this.#variablesOf(cell));
    return this.#withConverter(visible + cell.code.text, (converter) => {
      const analyzed = converter.analyze(visible, cell.code.text);
      return completeCode(analyzed, cell.code, cursorUtf16);
    });
  }

  inspect(code: string, cursorUtf16: number, detailLevel: 0 | 1): Inspection | undefined {
    const cell = this.#read(code);
    const line = [cell.cellMagic, ...cell.magicLines].find(
      (each) => each && each.start <= cursorUtf16 && cursorUtf16 <= each.end,
    );
    const magic = line && this.#magics.get(line.name);
    if (magic !== undefined) return describeMagicHelp(magic);
    if (line !== undefined || !hasCode(cell)) return undefined;
    const visible = declareVariables(this.#declarations, this.#variablesOf(cell));
    const position = cell.code.toText(cursorUtf16);
    const information = this.#withConverter(
      visible + cell.code.text,
      (converter) =>
        converter.inspect(visible, cell.code.text, position) ??
        converter.inspect(visible, cell.code.text, Math.max(0, position - 1)),
    );
    if (information === undefined) return undefined;
    const { start, end } = wordAround(code, cursorUtf16);
    const own = this.#texts.get(code.slice(start, end));
    return formatInspection(
      information,
      detailLevel === 1 ? (own ?? this.#converter?.sourceAt(position)) : undefined,
    );
  }

  isComplete(code: string): IsComplete {
    return checkCompleteness(this.#read(code));
  }

  help(
    code: string,
  ): { readonly inspection: Inspection | undefined; readonly name: string } | undefined {
    const request = findHelpRequest(code);
    if (request === undefined) return undefined;
    const { name, detailLevel } = request;
    return { name, inspection: this.inspect(name, name.length, detailLevel) };
  }

  setFolder(folder: string): void {
    this.#folder = folder;
    this.close();
  }

  moveTo(folder: string): void {
    if (existsSync(join(folder, "node_modules/@types/node"))) return this.setFolder(folder);
    this.#folder = folder;
    this.#isConverterForeign = true;
  }

  close(): void {
    this.#converter?.close();
    this.#converter = undefined;
    this.#isConverterForeign = false;
  }

  #takeLocalOutputs(outputs: readonly LocalOutput[]): readonly LocalOutput[] {
    for (const output of outputs) this.#localOutputs.set(output.path, output);
    const taken = this.#areLocalOutputsKnown ? outputs : [...this.#localOutputs.values()];
    this.#areLocalOutputsKnown = true;
    return taken;
  }

  /** A cell whose first comment says `@module name` is a file for the imports of other cells. */
  #convertModule(cell: Cell, module: CellModule): Conversion {
    this.#modules.set(module.name, module);
    const { name, source, isJsx } = module;
    const found = this.#withConverter(undefined, (converter) =>
      converter.addModule(name, source, isJsx),
    );
    if (found.length > 0) {
      const own = found.map(({ fileName: _, ...diagnostic }) => diagnostic);
      return { kind: "failed", diagnostics: cellDiagnostics(own, new EditedText(source, [])) };
    }
    const declarations = this.#declarations;
    return { kind: "compiled", cell: emptyCell(cell), declarations, declaredNames: [] };
  }

  #read(code: string): Cell {
    return readCell(code, this.#magics);
  }

  #variablesOf(cell: Cell): readonly VariableDefinition[] {
    const lines = cell.magicLines.filter(({ kind }) => kind === "magic");
    return findMagicVariables(
      cell.cellMagic === undefined ? lines : [cell.cellMagic, ...lines],
      this.#magics,
    );
  }

  #createConverter(): CellConverter {
    const converter = new CellConverter(this.#folder, this.#isJavaScript);
    for (const { name, source, isJsx } of this.#modules.values()) {
      converter.addModule(name, source, isJsx);
    }
    return converter;
  }

  /**
   * Uses the converter for a text, or for what only the notebook's own folder can answer. One that
   * threw is not used again: its state is unknown.
   */
  #withConverter<Result>(
    text: string | undefined,
    use: (converter: CellConverter) => Result,
  ): Result {
    const stamp = fileStamp(join(this.#folder, "tsconfig.json"));
    const isAway = this.#isConverterForeign && (text === undefined || mayImport.test(text));
    if (isAway || stamp !== this.#tsconfigStamp) this.close();
    this.#tsconfigStamp = stamp;
    try {
      this.#converter ??= this.#createConverter();
      return use(this.#converter);
    } catch (error) {
      this.close();
      throw error;
    }
  }
}

/** What makes it matter which folder a source lies in. */
const mayImport = /\bimport\b|\bfrom\b|\brequire\b|<reference/;

function hasCode(cell: Cell): cell is Cell & { readonly code: EditedText } {
  return cell.code !== undefined;
}
