import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fail, run } from "../../support/cell-outputs.ts";
import { startKernel } from "../../support/start-kernel.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const packages: Record<string, Record<string, string>> = {
  awaits: {
    "package.json": `{"name":"awaits","type":"module","main":"index.js","types":"index.d.ts"}`,
    "index.js":
      "export const seven = await Promise.resolve(7); export default function hi() { return 'hi'; }",
    "index.d.ts": "export const seven: number; export default function hi(): string;",
  },
  "import-only": {
    "package.json": `{"name":"import-only","exports":{"./part":{"import":"./part.mjs"}}}`,
    "part.mjs": "export class Part {}; export const eight = 8;",
  },
  both: {
    "package.json": `{"name":"both","exports":{"types":"./b.d.ts","import":"./b.mjs","require":"./b.cjs"}}`,
    "b.mjs": "export const kind = 'module'",
    "b.cjs": "exports.kind = 'common'",
    "b.d.ts": "export const kind: string",
  },
  common: {
    "package.json": `{"name":"common","main":"index.js"}`,
    "index.js": "module.exports = () => 'called'; module.exports.extra = 2",
  },
};

async function writePackages(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, "node_modules", name), { recursive: true });
    for (const [file, text] of Object.entries(packages[name] ?? {})) {
      await writeFile(join(folder, "node_modules", name, file), text);
    }
  }
}

/** Cells of one session, each with what it shows. */
const rows: [code: string, shown: string][] = [
  ['import hi, { seven } from "awaits"; [seven, hi()]', "[ 7, 'hi' ]\n"],
  ["seven + 1", "8\n"],
  ['import hi, { seven } from "awaits"; seven', "7\n"],
  ['const loaded = await import("awaits"); loaded', "{ default: [Function: hi], seven: 7 }\n"],
  ['import * as part from "import-only/part"; part.eight', "8\n"],
  ['const { Part } = await import("import-only/part"); new part.Part() instanceof Part', "true\n"],
  ['import { kind } from "both"; kind', "'common'\n"],
  [
    'const name: string = "common"; const c = await import(name); [c.default(), c.extra]',
    "[ 'called', 2 ]\n",
  ],
  ['function later() { return import("awaits") }\n(await later()).seven', "7\n"],
  ['import { sum, lazy } from "./uses"; [sum, (await lazy()).eight]', "[ 14, 8 ]\n"],
  ['import data from "./data.json"; data.list', "[ 1, 2 ]\n"],
  ['import { sep } from "node:path"; sep + (await import("path")).sep', "'//'\n"],
  ['import { ColabCode } from "colabcode"; typeof ColabCode', "'function'\n"],
  ['import { defineCommand } from "colabcode/extension"; typeof defineCommand', "'function'\n"],
  ['import * as tslab from "tslab"; typeof tslab.display.html', "'function'\n"],
];

test("cells import every kind of module", { timeout: 60_000 }, async (t) => {
  await using folder = await temporaryFolder();
  await writePackages(folder.path, Object.keys(packages));
  await writeFile(
    join(folder.path, "uses.ts"),
    'import { seven } from "awaits";\nexport const sum: number = seven * 2;\nexport const lazy = () => import("import-only/part");',
  );
  await writeFile(join(folder.path, "data.json"), '{ "list": [1, 2] }');
  await using kernel = await startKernel({ folder: folder.path });
  for (const [code, shown] of rows) {
    await t.test(code, async () => {
      assert.equal((await run(kernel, code)).replace("[Module: null prototype] ", ""), shown);
    });
  }
  await t.test("a local file is read anew when it changed", async () => {
    await writeFile(join(folder.path, "uses.ts"), "export const sum = 'changed';");
    assert.equal(await run(kernel, 'import { sum } from "./uses"; sum'), "'changed'\n");
  });
  await t.test("an error in the cell keeps its column after an import()", async () => {
    const { text } = await fail(
      kernel,
      'const m = await import("awaits"); throw new Error("here")',
    );
    assert.match(text, /\n {44}\S*\^/);
  });
});

test("a package that was missing is found once it is there", { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder();
  await using kernel = await startKernel({ folder: folder.path });
  const tries = ["require('common')()", "(await import(String('awaits'))).seven"];
  for (const code of tries) assert.match((await fail(kernel, code)).text, /Cannot find/);
  const typed = 'import { seven } from "awaits"; seven.toFixed(1)';
  assert.match((await fail(kernel, typed)).text, /TS2307/);
  await writePackages(folder.path, ["common", "awaits"]);
  const shown = [];
  for (const code of [...tries, typed]) shown.push(await run(kernel, code));
  assert.deepEqual(shown, ["'called'\n", "7\n", "'7.0'\n"]);
  assert.match((await fail(kernel, "seven.nothing")).text, /TS2339/);
});
