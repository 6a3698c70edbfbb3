import { inspect } from "node:util";
import { maskSecrets } from "./mask-secrets.ts";
import type { ErrorContent } from "./runtime.ts";
import { type CellPlace, framesOf, type SourceFrames } from "./source-frames.ts";
import { type CellFrame, cellFrames, parseStack, type StackFrame } from "./stack.ts";

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const green = (text: string) => `\u001b[32m${text}\u001b[39m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;
const bold = (text: string) => `\u001b[1m${text}\u001b[22m`;

/** Where the error is in a cell when its own stack does not say. */
export const placeSymbol = Symbol("place in the cell");

export interface ErrorPlace {
  readonly frames: SourceFrames;
  readonly place: CellPlace;
  /** Columns to underline, from the place on. */
  readonly length: number;
}

const deepest = 4;

/** What an `error` message says of a thrown value: name, message, the cell's lines, causes, hint. */
export function errorContent(thrown: unknown): ErrorContent {
  try {
    const { ename, evalue } = nameAndMessage(thrown);
    return { ename, evalue, traceback: describe(thrown, []) };
  } catch {
    // Reading a thrown value runs its getters, which may throw as well.
    const evalue = "A value that cannot be read was thrown.";
    return { ename: "Error", evalue, traceback: [evalue] };
  }
}

export function interruptedContent(evalue = "The cell was interrupted."): ErrorContent {
  return { ename: "Interrupted", evalue, traceback: [`${red(bold("Interrupted"))}: ${evalue}`] };
}

/** True for errors of other realms too. */
export function isErrorLike(thrown: unknown): thrown is Error {
  return (
    thrown instanceof Error ||
    (typeof thrown === "object" &&
      thrown !== null &&
      typeof (thrown as Error).message === "string" &&
      typeof (thrown as Error).stack === "string")
  );
}

function nameAndMessage(thrown: unknown): { ename: string; evalue: string } {
  if (!isErrorLike(thrown)) {
    const evalue = typeof thrown === "string" ? thrown : inspect(thrown, { depth: 2 });
    return { ename: "Thrown", evalue };
  }
  const ename = String(thrown.name || thrown.constructor?.name || "Error");
  return { ename, evalue: String(thrown.message) };
}

/** `outer` are the errors around this one, which are not told again. */
function describe(thrown: unknown, outer: readonly unknown[]): string[] {
  const { ename, evalue } = nameAndMessage(thrown);
  const lines = [`${red(bold(ename))}: ${evalue}`];
  if (!isErrorLike(thrown)) return lines;
  const around = [...outer, thrown];
  lines.push(...placeLines(thrown), ...extraLines(thrown));
  const members = (thrown as { errors?: unknown }).errors;
  if (Array.isArray(members)) {
    for (const [index, member] of members.slice(0, 10).entries()) {
      lines.push(...nested(`Error ${index + 1} of ${members.length}`, member, around));
    }
  }
  if (thrown.cause !== undefined) {
    const cause = nested("Caused by", thrown.cause, around);
    // An error made on purpose says itself where it belongs; of its cause the words are enough.
    lines.push(...("hint" in thrown ? cause.slice(0, 2) : cause));
  }
  const { hint } = thrown as { hint?: unknown };
  if (typeof hint === "string" && hint !== "") lines.push(`${green("Hint:")} ${hint}`);
  return lines;
}

function nested(title: string, thrown: unknown, outer: readonly unknown[]): string[] {
  if (outer.includes(thrown) || outer.length >= deepest) return [];
  const [first, ...rest] = describe(thrown, outer);
  return ["", `${dim(`${title}:`)} ${first}`, ...rest];
}

/** Fields that people look for: `code` of system errors. */
function extraLines(error: Error): string[] {
  const { code } = error as { code?: unknown };
  const isTold = typeof code !== "string" || error.message.includes(code) || "hint" in error;
  return isTold ? [] : [dim(`code: ${code}`)];
}

function placeLines(error: Error): string[] {
  const told = (error as { [placeSymbol]?: ErrorPlace })[placeSymbol];
  // What calls a cell has no place in its text.
  const frames = parseStack(error).filter(({ cell, place }) => !cell || place);
  const inCells = cellFrames(frames).filter(isFirstOfLine);
  if (told !== undefined) return excerpt(told);
  if (inCells.length === 0) return "hint" in error ? [] : frames.slice(0, 3).map(frameLine);
  const lines: string[] = [];
  const deepestCell = frames.findIndex(({ cell }) => cell !== undefined);
  lines.push(...frames.slice(0, deepestCell).slice(0, 3).map(frameLine));
  for (const [index, frame] of inCells.slice(0, 8).entries()) {
    const { cell, place, functionName } = frame;
    if (index < 3) lines.push(...excerpt({ frames: cell, place, length: 1 }, functionName));
    else lines.push(placeTitle(cell, place, functionName));
  }
  if (inCells.length > 8) lines.push(dim(`… ${inCells.length - 8} more calls in cells`));
  return lines;
}

/** Recursion and callbacks come by one line many times; its deepest call says enough. */
function isFirstOfLine(
  { cell, place }: CellFrame,
  index: number,
  frames: readonly CellFrame[],
): boolean {
  const first = frames.findIndex((other) => other.cell === cell && other.place.line === place.line);
  return first === index;
}

function frameLine({ functionName, file, line, column }: StackFrame): string {
  const where = `${file}:${line}:${column}`;
  return dim(`    at ${functionName === undefined ? where : `${functionName} (${where})`}`);
}

function placeTitle(frames: SourceFrames, place: CellPlace, functionName?: string): string {
  const within = functionName === undefined ? "" : `, in ${functionName}`;
  return `${green(`Cell ${frames.label}`)}, line ${place.line}${within}`;
}

/** The line with an arrow, a caret under its column, one line before and after. */
function excerpt({ frames, place, length }: ErrorPlace, functionName?: string): string[] {
  const lines = [placeTitle(frames, place, functionName)];
  const last = Math.min(frames.lines.length, place.line + 1);
  const width = String(last).length;
  for (let number = Math.max(1, place.line - 1); number <= last; number++) {
    const text = maskSecrets(frames.lines[number - 1] ?? "");
    const isPlace = number === place.line;
    const gutter = `${isPlace ? "→" : " "} ${String(number).padStart(width)} `;
    lines.push(isPlace ? `${green(gutter)}${text}` : dim(gutter + text));
    if (isPlace) {
      const before = text.slice(0, place.column - 1).replace(/[^\t]/g, " ");
      lines.push(" ".repeat(gutter.length) + before + red("^".repeat(Math.max(1, length))));
    }
  }
  return lines;
}

/** Remembers where in a cell an error belongs, for `errorContent`. */
export function setPlace(error: unknown, place: ErrorPlace): void {
  if (typeof error !== "object" || error === null || placeSymbol in error) return;
  Object.defineProperty(error, placeSymbol, { value: place });
}

/** The execution whose cell an error comes from, by its stack. */
export function executionOf(error: unknown): number | undefined {
  const name = isErrorLike(error)
    ? parseStack(error).find(({ cell }) => cell !== undefined)?.file
    : undefined;
  const match = name === undefined ? null : /^cell-(\d+)$/.exec(name);
  return match?.[1] !== undefined && framesOf(match[0]) ? Number(match[1]) : undefined;
}
