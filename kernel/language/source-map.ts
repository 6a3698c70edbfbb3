/** A place in the generated text and the place in the source it comes from; all from 0. */
export interface Mapping {
  readonly generatedLine: number;
  readonly generatedColumn: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const inlineMapPattern = /\n?\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

/** Takes the source map that is written at the end of a text off it. */
export function splitInlineSourceMap(text: string): {
  readonly text: string;
  readonly mappings: readonly Mapping[];
} {
  const match = inlineMapPattern.exec(text);
  if (match === null) return { text, mappings: [] };
  const json: unknown = JSON.parse(Buffer.from(match[1] ?? "", "base64").toString());
  const mappings = (json as { readonly mappings: string }).mappings;
  return { text: `${text.slice(0, match.index)}\n`, mappings: decodeMappings(mappings) };
}

/** The version 3 source map, as JSON text, of a text made from the one file `source`. */
export function formatSourceMap(mappings: readonly Mapping[], source: string): string {
  return JSON.stringify({
    version: 3,
    sources: [source],
    names: [],
    mappings: encodeMappings(mappings),
  });
}

/** From generated text to source, where `second` leads to an intermediate text and `first` from there. */
export function composeMappings(
  second: readonly Mapping[],
  first: readonly Mapping[],
): readonly Mapping[] {
  return second.flatMap((mapping) => {
    const source = findMapping(first, mapping.sourceLine, mapping.sourceColumn);
    if (source === undefined) return [];
    return [{ ...mapping, sourceLine: source.sourceLine, sourceColumn: source.sourceColumn }];
  });
}

/** The last mapping at or before a generated place, in its line. */
export function findMapping(
  mappings: readonly Mapping[],
  line: number,
  column: number,
): Mapping | undefined {
  let low = 0;
  let high = mappings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const mapping = mappings[middle] as Mapping; // middle < high <= length
    const isAfter =
      mapping.generatedLine > line ||
      (mapping.generatedLine === line && mapping.generatedColumn > column);
    if (isAfter) high = middle;
    else low = middle + 1;
  }
  const found = mappings[low - 1];
  return found?.generatedLine === line ? found : undefined;
}

/** Reads the `mappings` of a version 3 source map; segments without a source are left out. */
export function decodeMappings(text: string): readonly Mapping[] {
  const mappings: Mapping[] = [];
  let [sourceLine, sourceColumn] = [0, 0];
  for (const [generatedLine, line] of text.split(";").entries()) {
    let generatedColumn = 0;
    for (const segment of line.split(",")) {
      const [column, , lineDelta, columnDelta] = decodeNumbers(segment);
      if (column === undefined) continue;
      generatedColumn += column;
      if (lineDelta === undefined || columnDelta === undefined) continue;
      sourceLine += lineDelta;
      sourceColumn += columnDelta;
      mappings.push({ generatedLine, generatedColumn, sourceLine, sourceColumn });
    }
  }
  return mappings;
}

function decodeNumbers(segment: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const character of segment) {
    const digit = digits.indexOf(character);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

function encodeMappings(mappings: readonly Mapping[]): string {
  let text = "";
  let previous: Mapping = {
    generatedLine: 0,
    generatedColumn: 0,
    sourceLine: 0,
    sourceColumn: 0,
  };
  let isFirstOfLine = true;
  for (const mapping of mappings) {
    if (mapping.generatedLine > previous.generatedLine) {
      text += ";".repeat(mapping.generatedLine - previous.generatedLine);
      previous = { ...previous, generatedColumn: 0 };
      isFirstOfLine = true;
    }
    if (!isFirstOfLine) text += ",";
    text += encodeNumber(mapping.generatedColumn - previous.generatedColumn);
    text += encodeNumber(0);
    text += encodeNumber(mapping.sourceLine - previous.sourceLine);
    text += encodeNumber(mapping.sourceColumn - previous.sourceColumn);
    previous = mapping;
    isFirstOfLine = false;
  }
  return text;
}

function encodeNumber(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = "";
  do {
    const digit = rest & 31;
    rest >>= 5;
    text += digits[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}
