import { sourcePrefix } from "./cell-converter.ts";
import type { EditedText } from "./edits.ts";
import type { Diagnostic } from "./language.ts";
import { type Converter, loadTypeScript, type ts } from "./typescript.ts";

type TslabDiagnostic = ReturnType<Converter["convert"]>["diagnostics"][number];

/** tslab's diagnostics at places of the cell, each with all that TypeScript says of it. */
export function cellDiagnostics(
  found: readonly TslabDiagnostic[],
  code: EditedText,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  let previous: TslabDiagnostic | undefined;
  for (const each of found) {
    const last = diagnostics.at(-1);
    if (last !== undefined && previous !== undefined && isDetail(previous, each)) {
      if (last.message.split("\n").some((line) => line.trim() === each.messageText)) continue;
      diagnostics.pop();
      diagnostics.push({ ...last, message: `${last.message}\n  ${each.messageText}` });
      continue;
    }
    previous = each;
    diagnostics.push({
      code: each.code,
      message: each.messageText,
      ...(each.fileName === undefined
        ? {
            start: code.positionOf(each.start.offset, "start"),
            end: code.positionOf(each.end.offset, "end"),
          }
        : {
            start: { line: each.start.line, column: each.start.character },
            end: { line: each.end.line, column: each.end.character },
            fileName: each.fileName,
          }),
    });
  }
  return diagnostics;
}

/** tslab gives the details of an error as errors of their own, at the same place and without a file. */
function isDetail(error: TslabDiagnostic, next: TslabDiagnostic): boolean {
  return (
    error.start.offset === next.start.offset &&
    error.end.offset === next.end.offset &&
    (next.fileName === undefined || next.fileName === error.fileName)
  );
}

/** The parser's errors at places of the cell. */
export function syntaxDiagnostics(
  errors: readonly ts.DiagnosticWithLocation[],
  code: EditedText,
): readonly Diagnostic[] {
  const typescript = loadTypeScript();
  return errors.map(({ code: number, messageText, start, length }) => ({
    code: number,
    message: typescript.flattenDiagnosticMessageText(messageText, "\n  "),
    start: code.positionOf(start - sourcePrefix.length, "start"),
    end: code.positionOf(start - sourcePrefix.length + length, "end"),
  }));
}
