import { fileURLToPath } from "node:url";
import { type CellPlace, framesOf, type SourceFrames } from "./source-frames.ts";

/** One call of a stack; `cell` and `place` where it is in a cell's own text. */
export interface StackFrame {
  readonly functionName: string | undefined;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly cell: SourceFrames | undefined;
  readonly place: CellPlace | undefined;
}

const kernelFolder = fileURLToPath(new URL("../", import.meta.url));

/** The calls of an error's stack without those of Node, tslab and the kernel itself. */
export function parseStack(error: Error): StackFrame[] {
  return String(error.stack ?? "")
    .split("\n")
    .map(parseLine)
    .filter((frame) => frame !== undefined)
    .filter(({ file }) => !isInternal(file));
}

function parseLine(line: string): StackFrame | undefined {
  const match = /^\s+at (?:(.*?) \()?(?:async )?(.+?):(\d+):(\d+)\)?$/.exec(line);
  if (match === null) return undefined;
  const [, called, where = "", row = "", column = ""] = match;
  const file = where.startsWith("file:") ? fileURLToPath(where) : where;
  const cell = framesOf(file);
  const frame = { file, line: Number(row), column: Number(column), cell };
  const functionName = called?.replace(/^async /, "").replace(/^(Object\.)?<anonymous>$/, "");
  // What wraps a cell has no name of its own: `eval`, or the wrapper's class.
  const isNamed = functionName !== undefined && functionName !== "" && functionName !== "eval";
  const place = cell?.place(frame.line, frame.column);
  return { ...frame, functionName: isNamed ? functionName : undefined, place };
}

function isInternal(file: string): boolean {
  return (
    file.startsWith("node:") ||
    file.startsWith("internal/") ||
    file.startsWith("evalmachine.") ||
    file.startsWith(kernelFolder) ||
    file.includes("/node_modules/tslab/")
  );
}

export type CellFrame = StackFrame & { readonly cell: SourceFrames; readonly place: CellPlace };

/** The frames in cells. */
export function cellFrames(frames: readonly StackFrame[]): CellFrame[] {
  return frames.filter(
    (frame): frame is CellFrame => frame.cell !== undefined && frame.place !== undefined,
  );
}
