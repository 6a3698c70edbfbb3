import type { Cell } from "./cell.ts";
import { sourcePrefix } from "./cell-converter.ts";
import { prepareSource } from "./cell-source.ts";
import type { EditedText } from "./edits.ts";
import type { IsComplete } from "./language.ts";
import { loadTypeScript, type ts } from "./typescript.ts";

/**
 * Whether a cell can run as it is. Code that only lacks its end is incomplete, code that no
 * continuation can mend is invalid. A `%%magic` waits for the empty line that ends its body.
 */
export function checkCompleteness(cell: Cell): IsComplete {
  const { text, code } = cell;
  if (/\\[ \t]*$/.test(text) && (cell.cellMagic ?? cell.magicLines.at(-1))) {
    return { status: "incomplete", indent: "" };
  }
  const codeStatus = code === undefined ? complete : checkCode({ ...cell, code });
  if (codeStatus.status !== "complete" || cell.cellMagic === undefined) return codeStatus;
  return /\n[ \t]*$/.test(text) ? complete : { status: "incomplete", indent: indentOf(text) };
}

const complete: IsComplete = { status: "complete" };

function checkCode(cell: Cell & { readonly code: EditedText }): IsComplete {
  const { syntaxErrors, file } = prepareSource(cell);
  if (syntaxErrors.length === 0) return complete;
  return syntaxErrors.every((error) => isAtEnd(error, file))
    ? { status: "incomplete", indent: indentAfter(cell.code.text) }
    : { status: "invalid" };
}

function endOf(file: ts.SourceFile): number {
  return sourcePrefix.length + file.text.slice(sourcePrefix.length).trimEnd().length;
}

/** Errors at the end of the text ask for more of it. */
function isAtEnd(error: ts.DiagnosticWithLocation, file: ts.SourceFile): boolean {
  const typescript = loadTypeScript();
  const message = typescript.flattenDiagnosticMessageText(error.messageText, "\n");
  if (/^(Unterminated template|'\*\/' expected)/.test(message)) return true;
  return error.start >= endOf(file) && / expected\.?$|expected\b/.test(message);
}

/** The indentation of the next line: two more behind an open bracket. */
function indentAfter(text: string): string {
  const last = text.trimEnd().split("\n").at(-1) ?? "";
  const indent = indentOf(last);
  return /(?:[{([]|=>)\s*(?:\/\/.*)?$/.test(last) ? `${indent}  ` : indent;
}

function indentOf(text: string): string {
  return /^[ \t]*/.exec(text.split("\n").at(-1) ?? "")?.[0] ?? "";
}
