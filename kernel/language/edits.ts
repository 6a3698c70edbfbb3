import type { Position } from "./language.ts";

/** `start..end` of a text replaced by `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text, what edits made of it, and the way between the two. Edits are in order and do not overlap. */
export class EditedText {
  readonly original: string;
  readonly text: string;
  readonly #edits: readonly Edit[];
  #originalLines: readonly number[] | undefined;
  #textLines: readonly number[] | undefined;

  constructor(original: string, edits: readonly Edit[]) {
    this.original = original;
    this.#edits = edits;
    let text = "";
    let end = 0;
    for (const edit of edits) {
      text += original.slice(end, edit.start) + edit.text;
      end = edit.end;
    }
    this.text = text + original.slice(end);
  }

  /** Where an offset of the original is now; inside a replaced part, where that part begins. */
  toText(offset: number): number {
    let shift = 0;
    for (const edit of this.#edits) {
      if (offset < edit.end || offset === edit.start) {
        return (offset < edit.start ? offset : edit.start) + shift;
      }
      shift += edit.text.length - (edit.end - edit.start);
    }
    return offset + shift;
  }

  /** Where an offset of the edited text comes from; `side` says which end of a replaced part stands for its inside. */
  toOriginal(offset: number, side: "start" | "end" = "start"): number {
    let shift = 0;
    for (const edit of this.#edits) {
      const start = edit.start + shift;
      if (offset < start) break;
      const end = start + edit.text.length;
      if (offset < end || (offset === end && side === "end")) {
        return side === "start" ? edit.start : edit.end;
      }
      shift += edit.text.length - (edit.end - edit.start);
    }
    return Math.min(offset - shift, this.original.length);
  }

  /** The place in the original that an offset of the edited text comes from. */
  positionOf(offset: number, side: "start" | "end" = "start"): Position {
    this.#originalLines ??= lineStarts(this.original);
    return positionAt(this.#originalLines, this.toOriginal(offset, side));
  }

  /** As `positionOf`, from a line and column of the edited text. */
  positionOfPlace(line: number, column: number): Position {
    this.#textLines ??= lineStarts(this.text);
    return this.positionOf((this.#textLines[line] ?? this.text.length) + column);
  }
}

export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { index, 0: newline } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    starts.push(index + newline.length);
  }
  return starts;
}

export function positionAt(starts: readonly number[], offset: number): Position {
  let line = starts.length - 1;
  while (line > 0 && (starts[line] ?? 0) > offset) line--;
  return { line, column: offset - (starts[line] ?? 0) };
}
