/** Gives numbers from 0 to 1, the same ones for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A notebook's cells that declare a few names again and again, and use them, now and then wrongly. */
export function generateCells(count: number, random: () => number): readonly string[] {
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  const value = () => pick(["a", "b", "c", "d"]);
  const type = () => pick(["A", "B", "C", "D"]);
  const expression = (): string =>
    pick([
      () => value(),
      () => `[${value()}, ${value()}]`,
      () => `{ x: ${value()}, y: "${value()}" }`,
      () => String(Math.floor(random() * 9)),
      () => `${value()} as unknown as ${type()}`,
      () => `(input: ${type()}) => [input, 1]`,
      () => `new Map([["k", ${value()}]])`,
      () => `"text".split("").map((each) => each + String(${value()}))`,
    ])();
  const statement = (): string =>
    pick([
      () => `let ${value()}: any = ${expression()};`,
      () => `const ${value()} = [${expression()}];`,
      () => `let ${value()}: ${type()}[] = [];`,
      () => `function ${value()}<T>(input: T) { return [input, 1] as const; }`,
      () => `function ${value()}(input: ${type()}) { return input; }`,
      () => `interface ${type()} { x?: ${type()}[]; y?: string }`,
      () => `type ${type()} = { x?: ${type()} } | number;`,
      () => `class ${type()} { private z = 1; x?: ${type()}; static make(y: ${type()}) {} }`,
      () => `enum ${type()} { One, Two }`,
      () => `namespace ${type()} { export const one = 1; export type Two = ${type()}; }`,
      () => `{ const inner: ${type()} = ${value()} as any; console.log(inner); }`,
      () => `{ let inner: ${type()} = ${value()} as any; inner = ${value()}; }`,
      () => expression(),
      () => `String(${expression()})`,
    ])();
  const first = [
    "let a = 1, b = 'b', c = [2], d: any = 3;",
    "interface A { x?: B } type B = A | string; class C {} enum D { One }",
  ];
  const rest = Array.from({ length: count - first.length }, () =>
    random() < 0.7 ? statement() : `${statement()}\n${statement()}`,
  );
  return [...first, ...rest];
}
