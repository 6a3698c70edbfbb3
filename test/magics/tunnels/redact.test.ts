import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { redact } from "../../../magics/tunnels/redact.ts";

describe("redact()", () => {
  const rows: [string, string, (string | undefined)[], string][] = [
    ["plain text", "token abcdefgh is wrong", ["abcdefgh"], "token ••• is wrong"],
    ["base64", "Basic dmlzaXRvcjpjb3JyZWN0", ["visitor:correct"], "Basic •••"],
    ["the password of a pair", "password correct!", ["visitor:correct"], "password •••!"],
    ["a URL's spelling", "?t=a%20b%26c%2Fd", ["a b&c/d"], "?t=•••"],
    ["several secrets", "one1 two2", ["one1", undefined, "two2"], "••• •••"],
    ["no secret", "as it was", [undefined, "", "abc"], "as it was"],
  ];
  for (const [what, text, secrets, expected] of rows) {
    it(`takes out ${what}`, () => assert.equal(redact(text, secrets), expected));
  }

  it("takes out base64 that starts in the middle of other text", () => {
    for (const before of ["", "x", "xy", "xyz"]) {
      const text = Buffer.from(`${before}a-long-secret-token`).toString("base64");
      const clean = redact(text, ["a-long-secret-token"]);
      assert.ok(!Buffer.from(clean, "base64").toString().includes("secret"), clean);
      assert.match(clean, /•••/);
    }
  });
});
