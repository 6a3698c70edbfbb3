import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  findCellMagic,
  findHelpRequest,
  findMagicLines,
} from "../../../kernel/language/cell-syntax.ts";
import { EditedText } from "../../../kernel/language/edits.ts";

describe("findMagicLines() rewrites", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["%cd /tmp", 'await __magic__("cd", "/tmp");'],
    ["%lsmagic", 'await __magic__("lsmagic", "");'],
    ["  %cd  a b  ", '  await __magic__("cd", "a b");'],
    ["%x \"a\" 'b' `c` \\d", 'await __magic__("x", "\\"a\\" \'b\' `c` \\\\d");'],
    ["%time f();", 'await __magic__("time", "f()");'],
    ["%x a \\\n  b\n1", 'await __magic__("x", "a    b"\n);\n1'],
    ["const a = 1\n%cd x\na", 'const a = 1\nawait __magic__("cd", "x");\na'],
    ["const a = %pwd", 'const a = await __magic__("pwd", "");'],
    ["const a = await %pwd x", 'const a = await __magic__("pwd", "x");'],
    ["a = %who", 'a = await __magic__("who", "");'],
    ["await %cd x", 'await __magic__("cd", "x");'],
    ["f()\n%cd x", 'f()\nawait __magic__("cd", "x");'],
    ["{ }\n%cd x", '{ }\nawait __magic__("cd", "x");'],
    [
      "// %a\n%b it's `fine` /* really\n%c",
      '// %a\nawait __magic__("b", "it\'s `fine` /* really");\nawait __magic__("c", "");',
    ],
    ["!ls -la", 'await __shell__("ls -la");'],
    ["! ls", 'await __shell__("ls");'],
    ["!/bin/echo hi;", 'await __shell__("/bin/echo hi");'],
    ["!npm i \\\n  zod", 'await __shell__("npm i    zod"\n);'],
    ["!true", 'await __shell__("true");'],
    ["x\n!ls", 'x\nawait __shell__("ls");'],
    ["const r = /[/`]/\n%cd x", 'const r = /[/`]/\nawait __magic__("cd", "x");'],
    ["const t = `${`}`}`\n%cd x", 'const t = `${`}`}`\nawait __magic__("cd", "x");'],
    ["a / b / c\n%cd x", 'a / b / c\nawait __magic__("cd", "x");'],
  ];
  for (const [code, expected] of rows) {
    test(JSON.stringify(code), () => {
      const edits = findMagicLines(code).map(({ edit }) => edit);
      assert.equal(new EditedText(code, edits).text, expected);
    });
  }
});

describe("findMagicLines() leaves alone", () => {
  const rows = [
    "a % b",
    "a\n% b",
    "a %\n b",
    "const x = a %b",
    "f(\n%cd x\n)",
    "[1,\n%cd x\n]",
    "`\n%cd x\n`",
    "`${a}\n%cd x\n`",
    "/*\n%cd x\n*/",
    "a +\n%cd",
    "{\n%cd x\n}",
    "a ||\n!b",
    "f(a,\n!b)",
    "x =\n!b",
    "!(a)",
    "!![]",
    "!'a'",
    "!function () {}()",
    "!async function () {}()",
    "!await x",
    "!new X()",
    "!typeof x",
    "!this.x",
    "a != b",
    "a\n!= b",
    "const b = !a",
    "if (x) !y",
  ];
  for (const code of rows) {
    test(JSON.stringify(code), () => assert.deepEqual(findMagicLines(code), []));
  }
});

test("findCellMagic() finds a %% on the first line that is not blank", () => {
  const rows: readonly (readonly [string, object | undefined])[] = [
    ["%%bash\necho", { name: "bash", line: "", start: 0, end: 6, bodyStart: 7 }],
    ["%%bash", { name: "bash", line: "", start: 0, end: 6, bodyStart: 6 }],
    ["\n \n%%time -n 3 \n1", { name: "time", line: "-n 3", start: 3, end: 15, bodyStart: 16 }],
    [
      "%%writefile a b.txt\n",
      { name: "writefile", line: "a b.txt", start: 0, end: 19, bodyStart: 20 },
    ],
    ["%cd x", undefined],
    ["1\n%%bash", undefined],
    ["%% bash", undefined],
  ];
  for (const [cell, expected] of rows) assert.deepEqual(findCellMagic(cell), expected, cell);
});

test("findHelpRequest() knows a cell that asks for documentation", () => {
  const rows: readonly (readonly [string, object | undefined])[] = [
    ["name?", { name: "name", detailLevel: 0 }],
    ["name??", { name: "name", detailLevel: 1 }],
    ["?name", { name: "name", detailLevel: 0 }],
    ["??a.b.c ", { name: "a.b.c", detailLevel: 1 }],
    ["%magic?", { name: "%magic", detailLevel: 0 }],
    ["%%bash?", { name: "%%bash", detailLevel: 0 }],
    ["name", undefined],
    ["a ? b : c", undefined],
    ["a?.b", undefined],
    ["?name?", undefined],
    ["f()?", undefined],
  ];
  for (const [cell, expected] of rows) assert.deepEqual(findHelpRequest(cell), expected, cell);
});
