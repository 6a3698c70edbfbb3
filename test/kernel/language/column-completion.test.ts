import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import { defineCommand, describeMagic } from "../../../kernel/extension.ts";
import { Notebook } from "./notebook.ts";

const files: Record<string, string> = {
  "music.csv": "tempo,energy,genre,sub genre\n103.4,0.5,Rock,x\n",
  "german.csv": '\ufeff"Länge";"a;b";"say ""no"""\r\n1;2;3\r\n',
  "tabs.tsv": "one\ttwo words\n1\t2\n",
  "rows.json": '[\n  { "tempo": 1, "title": "a" },\n  { "other": 2 }\n]\n',
  "lines.jsonl": '{"tempo":1,"key":"c"}\n{"tempo":2,"key":"d"}\n',
  "broken.json": "[{ nothing",
  "binary.parquet": "PAR1",
};

const table = {
  name: "table",
  summary: "Reads tables.",
  body: "none" as const,
  commands: [
    defineCommand({
      name: "fit",
      summary: "Fits a model.",
      positionals: ["source"],
      options: z.object({
        source: z.string().describe("The table.").meta({ complete: "path" }),
        target: z.string().describe("A column.").meta({ complete: "column" }),
        features: z.array(z.string()).optional().describe("Columns.").meta({ complete: "column" }),
        quiet: z.boolean().default(false).describe("Prints nothing."),
      }),
      run: () => undefined,
    }),
  ],
};

let notebook: Notebook;
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "colabcode-columns-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  notebook = new Notebook({ folder });
  notebook.language.setMagics([describeMagic(table)]);
});
after(() => rmSync(folder, { recursive: true }));

const cases: [line: string, candidates: string[]][] = [
  ["%table fit music.csv --target ", ["tempo", "energy", "genre", '"sub genre"']],
  ["%table fit music.csv --target t", ["tempo"]],
  ['%table fit music.csv --target "sub', ['"sub genre"']],
  ["%table fit music.csv --quiet --target=e", ["energy"]],
  ["%table fit music.csv --features tempo,", ["tempo,energy", "tempo,genre", '"tempo,sub genre"']],
  ["%table fit music.csv --features tempo,en", ["tempo,energy"]],
  ["%table fit german.csv --target ", ["Länge", "a;b", '"say \\"no\\""']],
  ["%table fit tabs.tsv --target ", ["one", '"two words"']],
  ["%table fit rows.json --target ", ["tempo", "title"]],
  ["%table fit lines.jsonl --target ", ["tempo", "key"]],
  ["%table fit broken.json --target ", []],
  ["%table fit binary.parquet --target ", []],
  ["%table fit missing.csv --target ", []],
  ["%table fit --target ", []],
];

for (const [line, candidates] of cases) {
  test(`"${line}" is completed with ${candidates.join(" ") || "nothing"}`, () => {
    const completion = notebook.language.complete(line, line.length);
    assert.deepEqual(
      completion.candidates.map(({ text }) => text),
      candidates,
    );
    const written = line.slice(0, completion.start);
    assert.match(written, /(?:[ =])$/);
  });
}
