import assert from "node:assert/strict";
import { test } from "node:test";
import { toCodePointOffset, toUtf16Offset } from "../../../kernel/protocol/text-offset.ts";

for (const [text, codePoints, utf16] of [
  ["abc", 0, 0],
  ["abc", 2, 2],
  ["😀bc", 1, 2],
  ["a😀c", 2, 3],
  ["é😀😀", 3, 5],
] as const) {
  test(`code point ${codePoints} of ${text} is UTF-16 unit ${utf16}, both ways`, () => {
    assert.equal(toUtf16Offset(text, codePoints), utf16);
    assert.equal(toCodePointOffset(text, utf16), codePoints);
  });
}

test("toUtf16Offset() ends at the end of the text", () => {
  assert.equal(toUtf16Offset("😀", Number.POSITIVE_INFINITY), 2);
});
