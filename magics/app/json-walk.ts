/** The first thing in a JSON text that a strict reader refuses. */
export type JsonFault =
  | { readonly kind: "syntax"; readonly offset: number; readonly expected: string }
  | { readonly kind: "duplicate"; readonly path: readonly (string | number)[] };

class Found extends Error {
  readonly fault: JsonFault;

  constructor(fault: JsonFault) {
    super(fault.kind);
    this.fault = fault;
  }
}

/**
 * Finds the first syntax error or repeated key of `text`; undefined where there is none. Slower
 * than JSON.parse and recursive: for naming an error in a text whose depth is known to be bounded.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  try {
    new Walker(text).document();
    return undefined;
  } catch (error) {
    if (error instanceof Found) return error.fault;
    throw error;
  }
}

class Walker {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value([]);
    if (this.#peek() !== "") this.#fail("the end of the text");
  }

  #value(path: readonly (string | number)[]): void {
    const next = this.#peek();
    if (next === "{") this.#object(path);
    else if (next === "[") this.#array(path);
    else if (next === '"') this.#string();
    else if (
      !this.#take(/(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y)
    ) {
      this.#fail("a value");
    }
  }

  #object(path: readonly (string | number)[]): void {
    this.#at++;
    if (this.#skip("}")) return;
    const keys = new Set<string>();
    do {
      if (this.#peek() !== '"') this.#fail("a name in double quotes");
      const key = this.#string();
      if (keys.has(key)) throw new Found({ kind: "duplicate", path: [...path, key] });
      keys.add(key);
      if (!this.#skip(":")) this.#fail("a colon");
      this.#value([...path, key]);
    } while (this.#skip(","));
    if (!this.#skip("}")) this.#fail("a comma or }");
  }

  #array(path: readonly (string | number)[]): void {
    this.#at++;
    if (this.#skip("]")) return;
    let index = 0;
    do {
      this.#value([...path, index++]);
    } while (this.#skip(","));
    if (!this.#skip("]")) this.#fail("a comma or ]");
  }

  #string(): string {
    const start = this.#at;
    if (!this.#take(/"(?:[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y)) {
      this.#fail("a string without line breaks, closed by a double quote");
    }
    // JSON.parse of a JSON string gives a string.
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #peek(): string {
    this.#take(/[ \t\n\r]*/y);
    return this.#text[this.#at] ?? "";
  }

  #skip(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #fail(expected: string): never {
    throw new Found({ kind: "syntax", offset: this.#at, expected });
  }
}
