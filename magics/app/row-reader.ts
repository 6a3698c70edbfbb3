import type { Feature } from "../model/model.ts";
import { readNumber } from "./read-number.ts";

/** What came next in a body: a row, the end of all rows, or what only the complete check can judge. */
export type Next = "row" | "end" | "other";

const [quote, comma, colon, backslash] = [0x22, 0x2c, 0x3a, 0x5c] as const;
const [openList, closeList, openRow, closeRow] = [0x5b, 0x5d, 0x7b, 0x7d] as const;
const [letterN, space] = [0x6e, 0x20] as const;

/**
 * Reads rows that are as they should be straight from the bytes of a JSON body, into the numbers
 * that a tree asks about. It judges nothing: all that is unusual is "other", and another's to read.
 */
export class RowReader {
  /** The last row: numbers, places of categories, what stands in for missing values. */
  readonly values: Float64Array;
  /** True where the body holds a list of rows. */
  isList = false;
  readonly #features: readonly Feature[];
  /** Each name as JSON writes it, quotes and all. */
  readonly #names: readonly Buffer[];
  readonly #places: readonly (ReadonlyMap<string, number> | undefined)[];
  readonly #fallbacks: Float64Array;
  /** For each feature the last row that had it. */
  readonly #seen: Int32Array;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #rows = 0;

  constructor(features: readonly Feature[]) {
    this.#features = features;
    this.#names = features.map(({ name }) => Buffer.from(JSON.stringify(name)));
    this.#places = features.map((feature) =>
      feature.kind === "category"
        ? new Map(feature.categories.map((category, place) => [category, place]))
        : undefined,
    );
    this.#fallbacks = Float64Array.from(features, ({ fallback }, place) =>
      typeof fallback === "number" ? fallback : (this.#places[place]?.get(fallback) ?? Number.NaN),
    );
    this.#seen = new Int32Array(features.length);
    this.values = new Float64Array(features.length);
  }

  /** Turns to a body, which must be valid UTF-8. */
  open(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#rows = 0;
    this.#seen.fill(0);
    const start = skipSpace(bytes, 0);
    this.isList = bytes[start] === openList;
    this.#at = this.isList ? start + 1 : start;
  }

  /** Reads the next row into `values`. */
  next(): Next {
    const bytes = this.#bytes;
    let at = skipSpace(bytes, this.#at);
    if (this.#rows > 0) {
      if (this.isList && bytes[at] === comma) at = skipSpace(bytes, at + 1);
      else return this.#isEnd(at) ? "end" : "other";
    }
    this.#rows++;
    this.#at = this.#row(at);
    return this.#at > 0 ? "row" : "other";
  }

  #isEnd(at: number): boolean {
    if (this.isList && this.#bytes[at] !== closeList) return false;
    return skipSpace(this.#bytes, this.isList ? at + 1 : at) === this.#bytes.length;
  }

  /** Gives the place after the row that begins at `start`, or -1. */
  #row(start: number): number {
    const bytes = this.#bytes;
    const count = this.#names.length;
    if (bytes[start] !== openRow) return -1;
    let at = start;
    for (let given = 0; given < count; given++) {
      at = skipSpace(bytes, at + 1);
      // Most come in the order of the schema.
      const place = this.#find(at, given);
      if (place < 0 || this.#seen[place] === this.#rows) return -1;
      this.#seen[place] = this.#rows;
      at = skipSpace(bytes, at + (this.#names[place] as Buffer).length);
      if (bytes[at] !== colon) return -1;
      at = this.#value(skipSpace(bytes, at + 1), place);
      if (at < 0) return -1;
      at = skipSpace(bytes, at);
      if (bytes[at] === closeRow) return this.#fillIn(given + 1) ? at + 1 : -1;
      if (bytes[at] !== comma) return -1;
    }
    return -1;
  }

  /** The feature whose name stands at `at`, tried from `first` on; -1 for none. */
  #find(at: number, first: number): number {
    const names = this.#names;
    for (let step = 0; step < names.length; step++) {
      const place = first + step < names.length ? first + step : first + step - names.length;
      if (isAt(this.#bytes, at, names[place] as Buffer)) return place;
    }
    return -1;
  }

  #value(at: number, place: number): number {
    if (this.#bytes[at] === letterN) return this.#missing(at, place);
    const places = this.#places[place];
    if (places === undefined) return readNumber(this.#bytes, at, this.values, place);
    return this.#category(at, places, place);
  }

  #category(start: number, places: ReadonlyMap<string, number>, place: number): number {
    const bytes = this.#bytes;
    if (bytes[start] !== quote) return -1;
    let end = start + 1;
    for (let byte = bytes[end]; byte !== quote; byte = bytes[++end]) {
      if (byte === undefined || byte < space || byte === backslash) return -1;
    }
    const found = places.get(bytes.toString("utf8", start + 1, end));
    if (found === undefined) return -1;
    this.values[place] = found;
    return end + 1;
  }

  #missing(at: number, place: number): number {
    const isNull = this.#bytes.toString("latin1", at, at + 4) === "null";
    if (!isNull || this.#features[place]?.isOptional !== true) return -1;
    this.values[place] = this.#fallbacks[place] as number;
    return at + 4;
  }

  /** Fills in what a row with so many fields leaves out; false where it may not be left out. */
  #fillIn(given: number): boolean {
    if (given === this.#names.length) return true;
    for (let place = 0; place < this.#names.length; place++) {
      if (this.#seen[place] === this.#rows) continue;
      if (this.#features[place]?.isOptional !== true) return false;
      this.values[place] = this.#fallbacks[place] as number;
    }
    return true;
  }
}

function isAt(bytes: Buffer, at: number, name: Buffer): boolean {
  for (let index = 0; index < name.length; index++) {
    if (bytes[at + index] !== name[index]) return false;
  }
  return true;
}

function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  for (let byte = bytes[at]; byte !== undefined && byte <= space; byte = bytes[++at]) {
    if (byte !== space && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
  }
  return at;
}
