import { sourcePrefix } from "./cell-converter.ts";
import { clearMessage } from "./clear-message.ts";
import type { EditedText } from "./edits.ts";
import type { Diagnostic } from "./language.ts";
import { type Converter, loadTypeScript, type ts } from "./typescript.ts";

type TslabDiagnostic = ReturnType<Converter["convert"]>["diagnostics"][number];

/** tslab's diagnostics at places of the cell, each with what a person needs of TypeScript's words. */
export function cellDiagnostics(
  found: readonly TslabDiagnostic[],
  code: EditedText,
): readonly Diagnostic[] {
  return withDetails(found).map((lines) => {
    const [error] = lines;
    const clear = clearMessage(lines.map(({ code, messageText }) => ({ code, text: messageText })));
    return {
      code: clear[0]?.code ?? error.code,
      message: clear.map(({ text }) => text).join("\n  "),
      ...(error.fileName === undefined
        ? {
            start: code.positionOf(error.start.offset, "start"),
            end: code.positionOf(error.end.offset, "end"),
          }
        : {
            start: { line: error.start.line, column: error.start.character },
            end: { line: error.end.line, column: error.end.character },
            fileName: error.fileName,
          }),
    };
  });
}

/** Each error followed by its details. */
function withDetails(
  found: readonly TslabDiagnostic[],
): readonly [TslabDiagnostic, ...TslabDiagnostic[]][] {
  const errors: [TslabDiagnostic, ...TslabDiagnostic[]][] = [];
  for (const each of found) {
    const last = errors.at(-1);
    if (last !== undefined && isDetail(last[0], each)) last.push(each);
    else errors.push([each]);
  }
  return errors;
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
