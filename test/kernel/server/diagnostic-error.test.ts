import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { diagnosticError } from "../../../kernel/server/diagnostic-error.ts";

const source = 'const a: number = "x";\n\tb;';
const wrongType = {
  code: 2322,
  message: "Type 'string' is not assignable to type 'number'.",
  start: { line: 0, column: 6 },
  end: { line: 0, column: 7 },
};
const unknownName = {
  code: 2304,
  message: "Cannot find name 'b'.",
  start: { line: 1, column: 1 },
  end: { line: 1, column: 2 },
};

test("diagnosticError() shows every error with code, place, line and caret", () => {
  const error = diagnosticError(source, [wrongType, unknownName]);
  assert.equal(error.ename, "TypeScriptError");
  assert.equal(
    error.evalue,
    "TS2322: Type 'string' is not assignable to type 'number'. (and 1 more)",
  );
  assert.equal(
    stripVTControlCharacters(error.traceback.join("\n")),
    [
      "TypeScriptError: TS2322: Type 'string' is not assignable to type 'number'.",
      "  line 1, column 7",
      '  1 | const a: number = "x";',
      "    |       ^",
      "TypeScriptError: TS2304: Cannot find name 'b'.",
      "  line 2, column 2",
      "  2 | \tb;",
      "    | \t^",
    ].join("\n"),
  );
});

test("diagnosticError() calls what the parser finds a SyntaxError", () => {
  const error = diagnosticError("1 +", [
    { ...wrongType, code: 1109, message: "Expression expected." },
  ]);
  assert.equal(error.ename, "SyntaxError");
  assert.equal(error.evalue, "TS1109: Expression expected.");
});

test("diagnosticError() gives no number to errors of the cell syntax", () => {
  const error = diagnosticError("%nope", [{ ...wrongType, code: 0, message: "No magic nope." }]);
  assert.equal(error.evalue, "No magic nope.");
});

test("diagnosticError() names another file and shows no line of the cell for it", () => {
  const error = diagnosticError(source, [{ ...wrongType, fileName: "lib/a.ts" }]);
  assert.equal(
    stripVTControlCharacters(error.traceback.join("\n")),
    "TypeScriptError: TS2322: Type 'string' is not assignable to type 'number'.\n  lib/a.ts, line 1, column 7",
  );
});
