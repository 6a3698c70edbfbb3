import assert from "node:assert/strict";
import { test } from "node:test";
import { readNumber } from "../../../magics/app/read-number.ts";

/** The number at the start of `text` and where it ends. */
function read(text: string): { readonly value: number; readonly end: number } {
  const values = new Float64Array(1);
  const end = readNumber(Buffer.from(text), 0, values, 0);
  return { value: values[0] ?? Number.NaN, end };
}

const numbers: [text: string, value: number][] = [
  ["0", 0],
  ["-0", -0],
  ["7", 7],
  ["-1.5", -1.5],
  ["0.1", 0.1],
  ["0.30000000000000004", 0.30000000000000004],
  ["103.40000000000001", 103.40000000000001],
  ["123456789", 123456789],
  ["1234567890", 1234567890],
  ["9007199254740993", 9007199254740992],
  ["12345678901234567890123", 12345678901234567890123],
  ["0.000000000000000000000000001", 1e-27],
  ["1.00000000000000011102230246251565404", 1],
  ["1.00000000000000011102230246251565405", 1.0000000000000002],
  ["1e5", 100000],
  ["1E+5", 100000],
  ["25e-1", 2.5],
  ["1e23", 1e23],
  ["5e-324", 5e-324],
  ["2.2250738585072014e-308", 2.2250738585072014e-308],
  ["1.7976931348623157e308", 1.7976931348623157e308],
  ["1e-400", 0],
];

for (const [text, value] of numbers) {
  test(`readNumber() reads ${text}`, () => {
    assert.deepEqual(read(`${text},`), { value, end: text.length });
    assert.deepEqual(read(text), { value, end: text.length });
  });
}

for (const text of [
  "",
  "-",
  "+1",
  ".5",
  "1.",
  "01",
  "00",
  "-01",
  "1e",
  "1e+",
  "1.e5",
  "1e999",
  "x",
]) {
  test(`readNumber() takes "${text}" for no number`, () => {
    assert.equal(read(`${text},`).end, -1);
  });
}

test("readNumber() agrees with JSON.parse to the last bit", () => {
  let state = Date.now() % 2147483647;
  const seed = state;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const double = () => random() + random() / 2 ** 31;
  const makers = [
    () => String(double()),
    () => String((double() - 0.5) * 10 ** Math.floor(random() * 40 - 20)),
    () => (double() * 1000).toFixed(Math.floor(random() * 20)),
    () => double().toExponential(Math.floor(random() * 18)),
    () => halfway(double() * 10 ** Math.floor(random() * 8)).toPrecision(18),
  ];
  for (let round = 0; round < 100_000; round++) {
    const text = makers[round % makers.length]?.() ?? "";
    const { value, end } = read(`${text}]`);
    const isSame = end === text.length && Object.is(value, JSON.parse(text));
    assert.ok(isSame, `${text} gave ${value} (seed ${seed})`);
  }
});

/** Near the middle between a double and the next one, where rounding is hardest. */
function halfway(value: number): number {
  const next = new Float64Array([value]);
  const bits = new BigUint64Array(next.buffer);
  bits[0] = (bits[0] ?? 0n) + 1n;
  return (value + (next[0] ?? 0)) / 2;
}
