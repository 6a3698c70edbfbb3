import assert from "node:assert/strict";
import { test } from "node:test";
import { RowReader } from "../../../magics/app/row-reader.ts";
import { penguinSchema } from "./small-model.ts";

/** All rows of a body, or those before what the reader leaves to others. */
function readAll(body: string | Buffer) {
  const reader = new RowReader(penguinSchema.features);
  const rows: number[][] = [];
  reader.open(Buffer.from(body));
  let next = reader.next();
  for (; next === "row"; next = reader.next()) rows.push([...reader.values]);
  return { rows, next, isList: reader.isList };
}

const row = '{"flipper":181,"bill":39.1,"island":"Torgersen"}';

const good: [name: string, body: string, rows: number[][], isList: boolean][] = [
  ["one row", row, [[181, 39.1, 2]], false],
  ["a list of one row", `[${row}]`, [[181, 39.1, 2]], true],
  [
    "a list of two rows",
    `[${row},{"flipper":-2,"bill":1e1,"island":"Dream"}]`,
    [
      [181, 39.1, 2],
      [-2, 10, 1],
    ],
    true,
  ],
  [
    "white space wherever JSON allows it",
    ' \r\n[ { "flipper" : 181 ,\t"bill" : 39.1 , "island" : "Torgersen" } ] \n',
    [[181, 39.1, 2]],
    true,
  ],
  ["fields in another order", '{"island":"Biscoe","bill":3.5,"flipper":7}', [[7, 3.5, 0]], false],
  [
    "null where the training data had missing values",
    '{"flipper":181,"bill":null,"island":"Dream"}',
    [[181, 44.45, 1]],
    false,
  ],
  [
    "a left out field where the training data had missing values",
    `[${row},{"island":"Dream","flipper":181}]`,
    [
      [181, 39.1, 2],
      [181, 44.45, 1],
    ],
    true,
  ],
];

for (const [name, body, rows, isList] of good) {
  test(`RowReader reads ${name}`, () => {
    assert.deepEqual(readAll(body), { rows, isList, next: "end" });
  });
}

const others: [name: string, body: string][] = [
  ["nothing", ""],
  ["an empty list", "[]"],
  ["an empty row", "{}"],
  ["a list in a list", `[[${row}]]`],
  ["a text", '"flipper"'],
  ["a missing field", '{"bill":39.1,"island":"Dream"}'],
  ["null where no value may be missing", '{"flipper":null,"bill":1,"island":"Dream"}'],
  ["an extra field", row.replace("}", ',"mass":1}')],
  ["a repeated field", row.replace('"bill":39.1', '"flipper":1')],
  ["a field that is repeated beside a left out one", '{"flipper":1,"flipper":1,"island":"Dream"}'],
  ["a text for a number", row.replace("181", '"181"')],
  ["a number for a text", row.replace('"Torgersen"', "2")],
  ["an unknown category", row.replace("Torgersen", "Mars")],
  ["an escaped category", row.replace("Torgersen", "\\u0054orgersen")],
  ["an escaped name", row.replace("flipper", "\\u0066lipper")],
  ["a number that is none in JSON", row.replace("181", "0181")],
  ["a number out of range", row.replace("181", "1e999")],
  ["a comma too many", row.replace("}", ",}")],
  ["a comma too few", row.replace(",", " ")],
  ["no colon", row.replace(":", " ")],
  ["a row without its end", row.slice(0, -1)],
  ["a text without its end", row.slice(0, -2)],
  ["a list without its end", `[${row}`],
  ["a list that ends with a comma", `[${row},]`],
  ["two rows without a list", `${row},${row}`],
  ["a text after the row", `${row}x`],
  ["a text after the list", `[${row}]]`],
  ["white space that JSON does not know", row.replace(":", ":\f")],
  ["a byte order mark", `\ufeff${row}`],
];

for (const [name, body] of others) {
  test(`RowReader leaves ${name} to others`, () => {
    assert.equal(readAll(body).next, "other");
  });
}
