import type { MagicDescription } from "../extension.ts";
import {
  type CellMagicLine,
  findCellMagic,
  findMagicLines,
  type MagicLine,
} from "./cell-syntax.ts";
import { type Edit, EditedText } from "./edits.ts";

/** A cell read as code and magics; `code` is what the compiler is given for it. */
export interface Cell {
  readonly text: string;
  readonly cellMagic: CellMagicLine | undefined;
  readonly magicLines: readonly MagicLine[];
  /** TypeScript with as many lines as the cell; undefined where a `%%magic` takes the cell as text. */
  readonly code: EditedText | undefined;
}

/** Reads a cell. A `%%magic` without a description, or without a body of code, takes it as text. */
export function readCell(text: string, magics: ReadonlyMap<string, MagicDescription>): Cell {
  const cellMagic = findCellMagic(text);
  if (cellMagic !== undefined && magics.get(cellMagic.name)?.body !== "code") {
    return { text, cellMagic, magicLines: [], code: undefined };
  }
  const edits: Edit[] = [];
  let bodyStart = 0;
  if (cellMagic !== undefined) {
    edits.push({ start: cellMagic.start, end: cellMagic.end, text: "" });
    bodyStart = cellMagic.bodyStart;
  }
  const magicLines = findMagicLines(text.slice(bodyStart)).map((line) => moved(line, bodyStart));
  edits.push(...magicLines.map(({ edit }) => edit));
  return { text, cellMagic, magicLines, code: new EditedText(text, edits) };
}

function moved(line: MagicLine, by: number): MagicLine {
  const start = line.start + by;
  const end = line.end + by;
  return { ...line, start, end, edit: { ...line.edit, start, end } };
}
