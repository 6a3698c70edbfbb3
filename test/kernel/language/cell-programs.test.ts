import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversion } from "../../../kernel/language/language.ts";
import { createLanguage } from "../../../kernel/language/tslab-language.ts";
import { generateCells, seededRandom } from "./generated-cells.ts";
import { compiled, formatDiagnostic, Notebook, packageFolder } from "./notebook.ts";

function summary(conversion: Conversion): unknown {
  if (conversion.kind === "failed") return conversion.diagnostics.map(formatDiagnostic);
  const { output, lastExpressionVariable } = conversion.cell;
  return { output, lastExpressionVariable, declarations: conversion.declarations };
}

test("a compiler that is used again finds what a new one finds, whatever is declared anew", () => {
  const seed = Number(process.env.CELL_SEED ?? Math.floor(Math.random() * 2 ** 32));
  const used = createLanguage({ folder: packageFolder });
  const fresh = createLanguage({ folder: packageFolder });
  try {
    for (const code of generateCells(50, seededRandom(seed))) {
      // The next cell makes another.
      fresh.close();
      const expected = fresh.convert(code);
      const found = used.convert(code);
      const place = `CELL_SEED=${seed}\n${code}`;
      assert.deepEqual(summary(found), summary(expected), place);
      if (found.kind === "failed" || expected.kind === "failed") continue;
      used.commit(found.declarations);
      fresh.commit(expected.declarations);
    }
  } finally {
    used.close();
    fresh.close();
  }
});

test("a class that is declared anew is the one that earlier variables are of", async () => {
  using notebook = new Notebook();
  const box = "class Box { private secret = 1; }";
  await notebook.run(box);
  await notebook.run("const box = new Box(); const open = (of: Box) => of;");
  await notebook.run("open(box)");
  await notebook.run(box);
  assert.deepEqual(notebook.problems("const other: Box = box; open(new Box())"), []);
});

test("a name can be a type of one cell and a value of another, until both are declared anew", async () => {
  using notebook = new Notebook();
  await notebook.run("interface Size { width: number }");
  await notebook.run("const Size = { of: (width: number): Size => ({ width }) };");
  assert.equal(await notebook.run("const size: Size = Size.of(3); size.width"), 3);
  await notebook.run("class Size { height = 4 }");
  assert.deepEqual(notebook.problems("Size.of(3)"), [
    "0:5-0:7 2339 Property 'of' does not exist on type 'typeof Size'.",
  ]);
  assert.equal(await notebook.run("new Size().height"), 4);
});

test("a name that a cell declares is the one that types of earlier cells speak of", () => {
  using notebook = new Notebook();
  const first = compiled(notebook.language.convert("const list = [1]; type One = typeof list[0];"));
  notebook.language.commit(first.declarations);
  const second = compiled(notebook.language.convert("const list = ['a'];"));
  notebook.language.commit(second.declarations);
  assert.deepEqual(notebook.problems("const one: One = 1;"), [
    "0:6-0:9 2322 Type 'number' is not assignable to type 'string'.",
  ]);
});

test("sections of declarations stay few over many cells", () => {
  using notebook = new Notebook();
  for (let cell = 0; cell < 150; cell++) {
    const { declarations } = compiled(notebook.language.convert(`const value${cell} = ${cell};`));
    notebook.language.commit(declarations);
    assert.ok(declarations.split("\u0001").length < 40, `cell ${cell}`);
  }
  assert.deepEqual(notebook.problems("value0 + value149"), []);
});
