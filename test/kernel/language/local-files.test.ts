import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { compiled, Notebook } from "./notebook.ts";

describe("a notebook with files beside it", () => {
  let above: string;
  let folder: string;
  let notebook: Notebook;
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  before(() => {
    above = mkdtempSync(join(tmpdir(), "colabcode-language-"));
    folder = join(above, "notebooks");
    mkdirSync(folder);
    notebook = new Notebook({ folder });
  });
  after(() => {
    notebook[Symbol.dispose]();
    rmSync(above, { recursive: true });
  });

  test("imports a TypeScript file, and reads it again when it changed", async () => {
    write("helper.ts", "export const answer: number = 41;");
    const cell = 'import { answer } from "./helper"\nanswer';
    assert.equal(await notebook.run(cell), 41);
    write("helper.ts", "export const answer: string = 'forty-two';");
    assert.equal(await notebook.run(cell), "forty-two");
    assert.deepEqual(notebook.problems('import { answer } from "./helper"\nanswer.nope'), [
      "1:7-1:11 2339 Property 'nope' does not exist on type 'string'.",
    ]);
  });

  test("imports a file by its full name, and one from the folder above", async () => {
    write("full.ts", "import { up } from '../up.ts';\nexport const down = up + 1;");
    writeFileSync(join(above, "up.ts"), "export const up = 1;");
    const { cell } = compiled(notebook.language.convert('import { down } from "./full.ts"\ndown'));
    assert.match(cell.output ?? "", /require\("\.\/full\.js"\)/);
    assert.deepEqual(cell.sideOutputs.map(({ path }) => path).sort(), [
      join(folder, "full.js"),
      join(above, "up.js"),
    ]);
    assert.match(cell.sideOutputs.map(({ data }) => data).join(), /require\("\.\.\/up\.js"\)/);
  });

  test("imports files of every kind", () => {
    write("tsconfig.json", '{ "compilerOptions": { "jsx": "react", "jsxFactory": "make" } }');
    write(
      "view.tsx",
      "const make = (...parts: unknown[]) => parts;\nexport const view = <b />;\ndeclare namespace JSX { interface IntrinsicElements { b: {} } }",
    );
    write("module.mts", "export const m = 1;");
    const cell = 'import { view } from "./view"\nimport { m } from "./module.mjs"\n[view, m]';
    const { sideOutputs } = compiled(notebook.language.convert(cell)).cell;
    assert.deepEqual(sideOutputs.map(({ path }) => path).sort(), [
      join(folder, "module.mjs"),
      join(folder, "view.js"),
    ]);
    assert.match(sideOutputs.map(({ data }) => data).join(), /make\("b", null\)/);
    rmSync(join(folder, "tsconfig.json"));
  });

  test("tells errors in a file by its name", () => {
    write("wrong.ts", "export const a = 1;\nexport const b: string = a;");
    assert.deepEqual(notebook.problems('import { b } from "./wrong"'), [
      "wrong.ts 1:13-1:14 2322 Type 'number' is not assignable to type 'string'.",
    ]);
    write("wrong.ts", "export const a = 1;\nexport const b: number = a;");
    assert.deepEqual(notebook.problems('import { b } from "./wrong"'), []);
  });

  test("finds a file that was missing before, also through another one", () => {
    write("first.ts", 'export { late } from "./late";');
    assert.equal(notebook.problems('import { late } from "./first"').length, 1);
    write("late.ts", "export const late = 1;");
    assert.deepEqual(notebook.problems('import { late } from "./first"'), []);
  });

  test("finds a package that was installed meanwhile", () => {
    assert.match(notebook.problems('import { fresh } from "colabcode-fresh"')[0] ?? "", / 2307 /);
    mkdirSync(join(folder, "node_modules/colabcode-fresh/lib"), { recursive: true });
    write(
      "node_modules/colabcode-fresh/package.json",
      '{ "name": "colabcode-fresh", "exports": { ".": { "types": "./lib/types.d.ts", "default": "./lib/main.js" } } }',
    );
    write("node_modules/colabcode-fresh/lib/types.d.ts", "export declare const fresh: 1;");
    assert.deepEqual(
      notebook.problems('import { fresh } from "colabcode-fresh"\nconst one: 1 = fresh'),
      [],
    );
  });

  test("imports JSON with its type", () => {
    write("data.json", '{ "rows": [{ "tempo": 1 }] }');
    assert.deepEqual(
      notebook.problems('import data from "./data.json"\ndata.rows[0].tempo.toFixed()'),
      [],
    );
  });

  test("follows its tsconfig.json, also after a change of it", () => {
    const cell = "const f = (x) => x";
    assert.deepEqual(notebook.problems(cell), []);
    write("tsconfig.json", '{ "compilerOptions": { "strict": true, "module": "commonjs" } }');
    assert.deepEqual(notebook.problems(cell), [
      "0:11-0:12 7006 Parameter 'x' implicitly has an 'any' type.",
    ]);
    rmSync(join(folder, "tsconfig.json"));
    assert.deepEqual(notebook.problems(cell), []);
  });

  test("takes a cell that starts with @module as a file", () => {
    assert.deepEqual(notebook.problems("/** @module shared */\nexport const shared = 7"), []);
    const use = compiled(notebook.language.convert('import { shared } from "./shared"\nshared'));
    assert.deepEqual(
      use.cell.sideOutputs.map(({ path }) => path),
      [join(folder, "shared.js")],
    );
    assert.deepEqual(notebook.problems("/** @module broken */\nexport const n: number = ''"), [
      "1:13-1:14 2322 Type 'string' is not assignable to type 'number'.",
    ]);
  });

  test("gives the files to a fresh runtime again", () => {
    const cell = 'import { answer } from "./helper"\nanswer';
    const paths = () =>
      compiled(notebook.language.convert(cell)).cell.sideOutputs.map(({ path }) => path);
    paths();
    assert.deepEqual(paths(), []);
    notebook.language.reset();
    assert.ok(paths().includes(join(folder, "helper.js")));
    assert.deepEqual(paths(), []);
  });

  test("moves to another folder", () => {
    const other = join(above, "other");
    mkdirSync(other);
    writeFileSync(join(other, "there.ts"), "export const there = true;");
    notebook.language.setFolder(other);
    assert.deepEqual(notebook.problems('import { there } from "./there"'), []);
    notebook.language.setFolder(folder);
    assert.equal(notebook.problems('import { there } from "./there"').length, 1);
  });

  test("keeps types of the kernel's own packages for later cells", async () => {
    await notebook.run('import { z } from "zod"\nconst row = z.object({ tempo: z.number() })');
    assert.match(notebook.problems("row.parse({}).temp")[0] ?? "", / 2551 Property 'temp'/);
    const cell = compiled(
      notebook.language.convert('import express from "express"\nconst app = express()'),
    );
    notebook.language.commit(cell.declarations);
    assert.match(notebook.problems("app.lisen(1)")[0] ?? "", / 2551 Property 'lisen'/);
    assert.deepEqual(notebook.problems('const fs = await import("node:fs")\nfs.readFileSync'), []);
  });

  test("knows tslab, for notebooks that were written for it", () => {
    assert.deepEqual(
      notebook.problems('import * as tslab from "tslab"\ntslab.display.html("<b>x</b>")'),
      [],
    );
  });
});

test("a JavaScript notebook has no type annotations", async () => {
  using notebook = new Notebook({ language: "javascript" });
  assert.equal(await notebook.run("const a = 1; a + 1"), 2);
  assert.match(notebook.problems("const b: number = 1")[0] ?? "", / 8010 /);
});
