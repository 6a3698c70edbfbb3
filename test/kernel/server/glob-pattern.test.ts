import assert from "node:assert/strict";
import { test } from "node:test";
import { globPattern } from "../../../kernel/server/glob-pattern.ts";

for (const [glob, text, isMatch] of [
  ["*", "anything\nat all", true],
  ["", "", true],
  ["", "a", false],
  ["const*", "const a = 1", true],
  ["const*", "let const", false],
  ["*1+1*", "x = 1+1;", true],
  ["?b", "ab", true],
  ["?b", "b", false],
  ["[abc]d", "bd", true],
  ["[!abc]d", "bd", false],
  ["[a-c]d", "bd", true],
  ["a.b", "axb", false],
  ["f(x)[0", "f(x)[0", true],
  ["a\\b", "a\\b", true],
] as const) {
  test(`${JSON.stringify(glob)} ${isMatch ? "matches" : "does not match"} ${JSON.stringify(text)}`, () => {
    assert.equal(globPattern(glob).test(text), isMatch);
  });
}

test("a range the wrong way round matches nothing special and throws nothing", () => {
  assert.equal(globPattern("[z-a]").test("[z-a]"), true);
});
