import assert from "node:assert/strict";
import { test } from "node:test";
import { clearMessage, type MessageLine } from "../../../kernel/language/clear-message.ts";

const cases: [title: string, lines: MessageLine[], expected: number[]][] = [
  ["keeps a single line", [{ code: 2304, text: "Cannot find name 'x'." }], [0]],
  [
    "drops the general line where the detail names what is missing",
    [
      { code: 2345, text: "Argument of type '{}' is not assignable to parameter of type 'Row'." },
      { code: 2739, text: "Type '{}' is missing the following properties from type 'Row': a, b" },
    ],
    [1],
  ],
  [
    "keeps a general line above a detail of something else",
    [
      { code: 2345, text: "Argument of type 'A' is not assignable to parameter of type 'B'." },
      { code: 2326, text: "Types of property 'x' are incompatible." },
      { code: 2322, text: "Type 'string' is not assignable to type 'number'." },
    ],
    [0, 1, 2],
  ],
  [
    "shows the overload that takes an object for an object",
    [
      { code: 2769, text: "No overload matches this call." },
      { code: 2772, text: "Overload 1 of 2, '(row: Row): string', gave the following error." },
      {
        code: 2345,
        text: "Argument of type '{ a: 1; }' is not assignable to parameter of type '{ a: 1; b: 2; }'.",
      },
      {
        code: 2741,
        text: "Property 'b' is missing in type '{ a: 1; }' but required in type '{ a: 1; b: 2; }'.",
      },
      { code: 2772, text: "Overload 2 of 2, '(rows: Row[]): string[]', gave the following error." },
      {
        code: 2345,
        text: "Argument of type '{ a: 1; }' is not assignable to parameter of type 'Row[]'.",
      },
    ],
    [3],
  ],
  [
    "says once what two overloads say",
    [
      { code: 2769, text: "No overload matches this call." },
      { code: 2772, text: "Overload 1 of 2, '(path: Path): Buffer', gave the following error." },
      { code: 2353, text: "Object literal may only specify known properties, and 'a' is not one." },
      { code: 2772, text: "Overload 2 of 2, '(path: Path): string', gave the following error." },
      { code: 2353, text: "Object literal may only specify known properties, and 'a' is not one." },
    ],
    [2],
  ],
  [
    "shows all overloads where none fits better",
    [
      { code: 2769, text: "No overload matches this call." },
      { code: 2772, text: "Overload 1 of 2, '(a: 1): void', gave the following error." },
      { code: 2345, text: "Argument of type '3' is not assignable to parameter of type '1'." },
      { code: 2772, text: "Overload 2 of 2, '(a: 2): void', gave the following error." },
      { code: 2345, text: "Argument of type '3' is not assignable to parameter of type '2'." },
    ],
    [0, 1, 2, 3, 4],
  ],
];
for (const [title, lines, expected] of cases) {
  test(`clearMessage() ${title}`, () => {
    assert.deepEqual(
      clearMessage(lines),
      expected.map((index) => lines[index]),
    );
  });
}
