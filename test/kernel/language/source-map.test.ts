import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  decodeMappings,
  findMapping,
  formatSourceMap,
} from "../../../kernel/language/source-map.ts";
import { compiled, Notebook } from "./notebook.ts";

test("formatSourceMap() writes what decodeMappings() reads", () => {
  const mappings = [
    { generatedLine: 0, generatedColumn: 4, sourceLine: 2, sourceColumn: 0 },
    { generatedLine: 0, generatedColumn: 40, sourceLine: 1, sourceColumn: 1000 },
    { generatedLine: 3, generatedColumn: 0, sourceLine: 0, sourceColumn: 7 },
  ];
  const text = formatSourceMap(mappings, "cell");
  assert.equal(
    text,
    '{"version":3,"sources":["cell"],"names":[],"mappings":"IAEA,oCADw+B;;;AADj+B"}',
  );
  assert.deepEqual(decodeMappings((JSON.parse(text) as { mappings: string }).mappings), mappings);
});

describe("the source map of a cell leads to the place of", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["const a = 1\nthrow new Error('x')", "new Error", "1:6"],
    ["type T = number\n\nfunction f(): T {\n  throw new Error('x')\n}\nf()", "new Error", "3:8"],
    ["import fs from 'node:fs'\n  boom(fs)\nfunction boom(x: unknown) {}", "boom(node_fs_1", "1:2"],
    ["%cd x\nboom()\nfunction boom() {}", "boom()", "1:0"],
    ["const a = %pwd x y z\nlet b = boom(a)\nfunction boom(x: unknown) {}", "boom(a)", "1:8"],
    ["const s = '😀'; missing(s)\nfunction missing(x: string) {}", "missing(s)", "0:16"],
    ["1\n  boom()\nfunction boom() {}\nboom()", "boom();", "1:2"],
    ["%%timer\nboom()\nfunction boom() {}", "boom()", "1:0"],
  ];
  let notebook: Notebook;
  before(() => {
    notebook = new Notebook();
  });
  after(() => notebook[Symbol.dispose]());
  for (const [code, output, expected] of rows) {
    test(`${output} in ${JSON.stringify(code)}`, () => {
      notebook.language.setMagics([{ name: "timer", summary: "", body: "code", commands: [] }]);
      const { cell } = compiled(notebook.language.convert(code));
      const text = cell.output ?? "";
      const lines = text.slice(0, text.indexOf(output)).split("\n");
      assert.ok(text.includes(output), text);
      const { mappings } = JSON.parse(cell.sourceMap ?? "{}") as { mappings: string };
      const found = findMapping(
        decodeMappings(mappings),
        lines.length - 1,
        lines.at(-1)?.length ?? 0,
      );
      assert.equal(`${found?.sourceLine}:${found?.sourceColumn}`, expected);
    });
  }
});
