import assert from "node:assert/strict";
import { test } from "node:test";
import { commonJsOptions, toCommonJs } from "../../../kernel/language/common-js.ts";
import { toCommonJsQuickly } from "../../../kernel/language/quick-common-js.ts";
import type { Mapping } from "../../../kernel/language/source-map.ts";
import { loadTypeScript } from "../../../kernel/language/typescript.ts";

const options = commonJsOptions({ target: loadTypeScript().ScriptTarget.ES2022 });

/** What TypeScript makes of a module, without the head that the quick way leaves out. */
function slowly(text: string, mappings: readonly Mapping[] = []): string {
  return toCommonJs({ text, mappings }, options).text.replace(
    /^Object\.defineProperty\(exports, "__esModule"[^\n]*\n(?:exports\.[^\n]* = void 0;\n)?/,
    "",
  );
}

for (const text of [
  "const a = 1, b = [2]; // both\nconst { c, d: [e = 3], ...f } = g();\nexport { a, b, c, e, f };\n",
  "let a;\nlet b = 2;\nvar c = 3;\nexport { a, b, c };\nexport const tsLastExpr = a;\n",
  "function a() {\n    return 1;\n}\nasync function* b() { }\nclass C {\n}\nexport { a, b, C };\n",
  "for (const a of [1]) {\n    console.log(a);\n}\nexport const tsLastExpr1 = `\n${1}\nb`;\nexport {};\n",
  "const a = (b) => {\n    let c = b;\n    c += 1;\n    return { a: c };\n};\n// last\na(1);\nexport { a };\n",
  "const a = 1;\nexport { a };\nexport {};\n",
]) {
  test(`a module becomes what TypeScript makes of it: ${JSON.stringify(text)}`, () => {
    assert.equal(toCommonJsQuickly({ text, mappings: [] })?.text, slowly(text));
  });
}

for (const text of [
  "let a = 1;\na = 2;\nexport { a };\n",
  "let a = 1;\nconst b = () => a++;\nexport { a, b };\n",
  "let a = 1;\n[a] = [2];\nexport { a };\n",
  "let a = 1;\nfor (a of [2]) { }\nexport { a };\n",
  "function a() { }\n({ b: a } = { b: 1 });\nexport { a };\n",
  "if (x) {\n    var a = 1;\n}\nexport { a };\n",
  "var a = 1;\nif (x) {\n    var a = 2;\n}\nexport { a };\n",
  "var a = 1;\nfor (var a = 2; a < 2;) { }\nexport { a };\n",
  "var E;\n(function (E) {\n    E[E.One = 0] = 'One';\n})(E || (E = {}));\nexport { E };\n",
  "import a from 'a';\nexport { a };\n",
  "const a = await import('a');\nexport { a };\n",
]) {
  test(`a module is left to TypeScript: ${JSON.stringify(text)}`, () => {
    assert.equal(toCommonJsQuickly({ text, mappings: [] }), undefined);
  });
}

test("mappings follow the lines and the value that they are of", () => {
  const text = "const a = 1;\nconst b = 2;\nexport const tsLastExpr = a;\nexport { a, b };\n";
  const at = (generatedLine: number, generatedColumn: number): Mapping => ({
    generatedLine,
    generatedColumn,
    sourceLine: generatedLine,
    sourceColumn: 0,
  });
  const found = toCommonJsQuickly({ text, mappings: [at(0, 6), at(1, 6), at(2, 13), at(2, 26)] });
  assert.equal(
    found?.text,
    "const a = 1;\nexports.a = a;\nconst b = 2;\nexports.b = b;\nexports.tsLastExpr = a;\n",
  );
  assert.deepEqual(
    found?.mappings.map((each) => [each.generatedLine, each.generatedColumn]),
    [
      [0, 6],
      [2, 6],
      [4, 8],
      [4, 21],
    ],
  );
});
