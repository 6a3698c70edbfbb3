import type { Diagnostic } from "../language/language.ts";
import type { ErrorContent } from "../runtime/runtime.ts";

const red = (text: string) => `\u001b[0;31m${text}\u001b[0m`;
const green = (text: string) => `\u001b[0;32m${text}\u001b[0m`;
const cyan = (text: string) => `\u001b[0;36m${text}\u001b[0m`;

/** What the compiler found wrong with a cell, as the error of a cell that did not run. */
export function diagnosticError(source: string, diagnostics: readonly Diagnostic[]): ErrorContent {
  const lines = source.split(/\r\n|\r|\n/);
  const first = diagnostics[0];
  const ename = first !== undefined && isSyntax(first) ? "SyntaxError" : "TypeScriptError";
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
  const [summary = ""] = (first?.message ?? "The cell cannot be compiled.").split("\n");
  return {
    ename,
    evalue: `${first === undefined ? "" : codeOf(first)}${summary}${more}`,
    traceback: diagnostics.map((diagnostic) => describe(diagnostic, ename, lines)),
  };
}

/** TypeScript numbers its syntax errors from 1000 to 1999; 0 is the cell syntax's own. */
function isSyntax({ code }: Diagnostic): boolean {
  return code < 2000;
}

function codeOf({ code }: Diagnostic): string {
  return code === 0 ? "" : `TS${code}: `;
}

function describe(diagnostic: Diagnostic, ename: string, lines: readonly string[]): string {
  const { fileName, message, start } = diagnostic;
  const name = isSyntax(diagnostic) ? "SyntaxError" : ename;
  const title = `${red(name)}: ${codeOf(diagnostic)}${message}`;
  const file = fileName === undefined ? "" : `${fileName}, `;
  const place = green(`${file}line ${start.line + 1}, column ${start.column + 1}`);
  // The text of another file is not at hand.
  const excerpt = fileName === undefined ? excerptOf(diagnostic, lines) : [];
  return [title, `  ${place}`, ...excerpt].join("\n");
}

function excerptOf({ start, end }: Diagnostic, lines: readonly string[]): string[] {
  const line = lines[start.line];
  if (line === undefined) return [];
  const number = String(start.line + 1);
  const last = end.line === start.line ? Math.min(end.column, line.length) : line.length;
  const length = Math.max(1, last - start.column);
  const before = line.slice(0, start.column).replace(/[^\t]/g, " ");
  const gutter = " ".repeat(number.length);
  return [
    `  ${cyan(`${number} |`)} ${line}`,
    `  ${cyan(`${gutter} |`)} ${before}${red("^".repeat(Math.min(length, 120)))}`,
  ];
}
