import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "../../../magics/sessions/duration.ts";

for (const [text, expected] of [
  ["90", 90_000],
  ["90s", 90_000],
  ["1.5h", 5_400_000],
  ["30 min", 1_800_000],
  ["250ms", 250],
] as const) {
  test(`parseDuration() reads "${text}"`, () => {
    assert.equal(parseDuration(text, "--ttl"), expected);
  });
}

for (const text of ["", "soon", "0s", "-5m", "90d", "1000h"]) {
  test(`parseDuration() refuses "${text}" and names the option`, () => {
    assert.throws(() => parseDuration(text, "--ttl"), { code: "USAGE", message: /--ttl/ });
  });
}
