import type { Cell } from "./cell.ts";
import type { ConvertedSource } from "./cell-converter.ts";
import type { CellSource } from "./cell-source.ts";
import { nameModules } from "./declarations.ts";
import { cellDiagnostics } from "./diagnostics.ts";
import type { EditedText } from "./edits.ts";
import type { CompiledCell, Conversion } from "./language.ts";
import type { LocalOutput } from "./local-outputs.ts";
import { formatSourceMap, type Mapping } from "./source-map.ts";

/** A conversion of a cell from what the converter made of its source. */
export function toConversion(
  cell: Cell,
  source: CellSource,
  { result, mappings }: ConvertedSource,
  sideOutputs: readonly LocalOutput[],
): Conversion {
  if (result.diagnostics.length > 0) {
    return { kind: "failed", diagnostics: cellDiagnostics(result.diagnostics, source.code) };
  }
  return {
    kind: "compiled",
    cell: {
      ...emptyCell(cell),
      output: result.output,
      hasTopLevelAwait: source.hasTopLevelAwait || (result.hasToplevelAwait ?? false),
      lastExpressionVariable: result.lastExpressionVar,
      sideOutputs,
      sourceMap: formatSourceMap(toCellMappings(source.code, mappings), "cell"),
    },
    declarations: nameModules(
      (result.declOutput ?? "").replace(/^\/\/\/ <reference .*\n/gm, ""),
      source.importedModules,
    ),
    declaredNames: source.declaredNames,
  };
}

/** Mappings that lead to the cell; the line of the prefix and those of the suffix are left out. */
function toCellMappings(code: EditedText, mappings: readonly Mapping[]): readonly Mapping[] {
  const lineCount = code.text.split("\n").length;
  return mappings
    .map((mapping) => ({ ...mapping, sourceLine: mapping.sourceLine - 1 }))
    .filter(({ sourceLine }) => sourceLine >= 0 && sourceLine < lineCount)
    .map((mapping) => {
      const { line, column } = code.positionOfPlace(mapping.sourceLine, mapping.sourceColumn);
      return { ...mapping, sourceLine: line, sourceColumn: column };
    });
}

/** A cell with nothing to run, but for its `%%magic`. */
export function emptyCell(cell: Cell): CompiledCell {
  const { cellMagic, text } = cell;
  return {
    output: undefined,
    hasTopLevelAwait: false,
    lastExpressionVariable: undefined,
    sideOutputs: [],
    sourceMap: undefined,
    cellMagic: cellMagic && {
      name: cellMagic.name,
      line: cellMagic.line,
      body: text.slice(cellMagic.bodyStart),
    },
  };
}

/** A cell whose code is for a page in the browser: it says that it was left out. */
export function browserCell(cell: Cell): CompiledCell {
  const note = "This cell is marked @browser. Cells run in Node.js here, so it was left out.";
  return { ...emptyCell(cell), output: `console.warn(${JSON.stringify(note)});` };
}

/** What a cell shows when the compiler itself failed on it. */
export function toFailure(error: unknown): Conversion {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The compiler failed on this cell and was started anew: ${reason}`;
  const start = { line: 0, column: 0 };
  return { kind: "failed", diagnostics: [{ code: 0, message, start, end: start }] };
}
