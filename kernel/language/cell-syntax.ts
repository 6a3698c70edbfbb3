import type { Edit } from "./edits.ts";
import { findLineStarts, type LineToken } from "./line-tokens.ts";

/** A `%name rest` or `!command` in a cell. */
export interface MagicLine {
  readonly kind: "magic" | "shell";
  /** What follows `%`; empty for a shell line. */
  readonly name: string;
  /** The text after the name, or the command; continuation lines joined, a closing `;` left out. */
  readonly line: string;
  /** True after a closing `;`: the value is not the cell's result. */
  readonly isSuppressed: boolean;
  /** From `%` or `!` to the end of the line, or of the last line it is continued on. */
  readonly start: number;
  readonly end: number;
  /** The call that stands for it, with as many line breaks. */
  readonly edit: Edit;
}

/** `%%name line` above a cell's body. */
export interface CellMagicLine {
  readonly name: string;
  readonly line: string;
  readonly start: number;
  readonly end: number;
  readonly bodyStart: number;
}

/** `name?`, `name??`, `?name`, `%magic?`: asks for documentation. */
export interface HelpRequest {
  readonly name: string;
  readonly detailLevel: 0 | 1;
}

const cellMagicPattern = /^\s*?([ \t]*%%([A-Za-z_][\w-]*)(?:[ \t]+([^\r\n]*?))?[ \t]*)(?:\r?\n|$)/;
const helpPattern = /^(\?{0,2})(%{0,2}[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)(\?{0,2})$/;

/**
 * The magic that takes the whole cell, when the first line that is not blank starts with `%%name`.
 */
export function findCellMagic(cell: string): CellMagicLine | undefined {
  const match = cellMagicPattern.exec(cell);
  if (match === null) return undefined;
  const [whole, written = "", name = "", line = ""] = match;
  const start = whole.indexOf("%%");
  const end = whole.indexOf(written) + written.length;
  return { name, line: line.trim(), start, end, bodyStart: whole.length };
}

/** The request for documentation that a cell is, when it is nothing else. */
export function findHelpRequest(cell: string): HelpRequest | undefined {
  const match = helpPattern.exec(cell.trim());
  if (match === null) return undefined;
  const [, before = "", name = "", after = ""] = match;
  if ((before === "") === (after === "")) return undefined;
  return { name, detailLevel: (before || after).length === 2 ? 1 : 0 };
}

/**
 * The magic and shell lines of a cell's code. A line is one when its first characters are `%` with
 * a name right behind it, or `!`, and when a statement can begin there: outside of brackets,
 * strings, templates, comments and regular expressions, and not after an operator or comma. A magic
 * may also be assigned: `const x = %name …`, `const x = await %name …`.
 *
 * A line that begins with `!` is TypeScript's negation when `!` is followed by `(`, `[`, `!`, `=`,
 * a quote, or one of the words function, async, await, new, typeof, void, delete, this, super,
 * class, yield. Anything else is a command for the shell.
 */
export function findMagicLines(code: string): readonly MagicLine[] {
  return findLineStarts(code).map((token) => readMagicLine(code, token));
}

function readMagicLine(code: string, token: LineToken): MagicLine {
  const end = token.end;
  const raw = code.slice(token.start, end);
  const name = token.kind === "magic" ? (/^%([A-Za-z_]\w*)/.exec(raw)?.[1] ?? "") : "";
  const joined = raw.slice(1 + name.length).replace(/\\(?:\r?\n)/g, " ");
  const trimmed = joined.trim();
  const isSuppressed = trimmed.endsWith(";");
  const line = isSuppressed ? trimmed.replace(/\s*;+$/, "") : trimmed;
  const words = token.kind === "magic" ? [name, line] : [line];
  const call = token.kind === "magic" ? "__magic__" : "__shell__";
  const text =
    (token.isAwaited ? "" : "await ") +
    `${call}(${words.map((word) => JSON.stringify(word)).join(", ")}` +
    "\n".repeat(raw.split("\n").length - 1) +
    ");";
  const { start } = token;
  return { kind: token.kind, name, line, isSuppressed, start, end, edit: { start, end, text } };
}
