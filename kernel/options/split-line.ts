import { UsageError } from "./usage-error.ts";

/** One word of a magic's line and where it stands; UTF-16 offsets, quotes included. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a line as a shell does: blanks separate, `'…'` is literal, `"…"` knows `\"` and `\\`. A
 * bare backslash escapes blanks, quotes and itself only, so that Windows paths stay whole. A quote
 * that is not closed is an error, or ends with the line when `isLenient`.
 */
export function splitLine(line: string, options: { isLenient?: boolean } = {}): Word[] {
  const words: Word[] = [];
  let position = 0;
  while (position < line.length) {
    if (/\s/.test(line.charAt(position))) {
      position++;
      continue;
    }
    const word = readWord(line, position, options.isLenient === true);
    words.push(word);
    position = word.end;
  }
  return words;
}

function readWord(line: string, start: number, isLenient: boolean): Word {
  let text = "";
  let position = start;
  while (position < line.length && !/\s/.test(line.charAt(position))) {
    const character = line.charAt(position);
    const next = line.charAt(position + 1);
    if (character === "'" || character === '"') {
      const quoted = readQuoted(line, position, isLenient);
      text += quoted.text;
      position = quoted.end;
    } else if (character === "\\" && /[\s'"\\]/.test(next)) {
      text += next;
      position += 2;
    } else {
      text += character;
      position++;
    }
  }
  return { text, start, end: position };
}

function readQuoted(
  line: string,
  start: number,
  isLenient: boolean,
): { text: string; end: number } {
  const quote = line.charAt(start);
  let text = "";
  for (let position = start + 1; position < line.length; position++) {
    const character = line.charAt(position);
    const next = line.charAt(position + 1);
    if (character === quote) return { text, end: position + 1 };
    if (quote === '"' && character === "\\" && (next === '"' || next === "\\")) {
      text += next;
      position++;
    } else {
      text += character;
    }
  }
  if (isLenient) return { text, end: line.length };
  throw new UsageError(`The quote ${quote} in ${line.slice(start)} is not closed.`, {
    hint: `End it with another ${quote}, or write \\${quote} for a plain one.`,
    word: { text: line.slice(start), start, end: line.length },
  });
}
