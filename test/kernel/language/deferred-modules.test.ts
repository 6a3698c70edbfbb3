import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { readAhead } from "../../../kernel/language/read-ahead.ts";
import { SharedFiles } from "../../../kernel/language/shared-files.ts";
import { loadTypeScript, type ts } from "../../../kernel/language/typescript.ts";
import { repositoryRoot } from "../../support/repository-root.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { Notebook } from "./notebook.ts";

const typescript = loadTypeScript();

const common: ts.CompilerOptions = {
  lib: ["lib.es2023.d.ts"],
  module: typescript.ModuleKind.ESNext,
  moduleResolution: typescript.ModuleResolutionKind.Bundler,
  strict: true,
  target: typescript.ScriptTarget.ES2022,
  types: ["node"],
};

/** What a checker says of all that Node's modules, undici's and the global names declare, by name. */
function describeNode(
  options: ts.CompilerOptions,
  path: string,
  isDeferred: boolean,
): Map<string, string> {
  const host = typescript.createCompilerHost(options);
  if (isDeferred) new SharedFiles(options).share(host);
  const program = typescript.createProgram([path], options, host);
  const checker = program.getTypeChecker();
  const flags = typescript.TypeFormatFlags.NoTruncation;
  const file = program.getSourceFile(path);
  const told = new Map<string, string>();
  const tell = (name: string, symbol: ts.Symbol) => {
    const isType = (symbol.flags & typescript.SymbolFlags.Type) !== 0;
    const types = [checker.getTypeOfSymbol(symbol)];
    if (isType) types.push(checker.getDeclaredTypeOfSymbol(symbol));
    told.set(name, types.map((type) => checker.typeToString(type, undefined, flags)).join("\n"));
    for (const property of isType ? checker.getPropertiesOfType(types[1] as ts.Type) : []) {
      const type = checker.getTypeOfSymbol(property);
      // A name by a symbol ends with the symbol's number.
      const key = `${name}.${property.name.replace(/@\d+$/, "")}`;
      told.set(key, checker.typeToString(type, undefined, flags));
    }
  };
  const files = program.getSourceFiles().filter(({ fileName }) => fileName !== path);
  const modules = files.flatMap((each) => checker.getSymbolAtLocation(each) ?? []);
  for (const module of [...checker.getAmbientModules(), ...modules]) {
    told.set(module.name, checker.getFullyQualifiedName(module));
    for (const exported of checker.getExportsOfModule(module)) {
      const actual =
        exported.flags & typescript.SymbolFlags.Alias
          ? checker.getAliasedSymbol(exported)
          : exported;
      tell(`${module.name} ${checker.getFullyQualifiedName(actual)} ${exported.name}`, actual);
    }
  }
  assert.ok(file);
  const all = typescript.SymbolFlags.Value | typescript.SymbolFlags.Type;
  for (const symbol of checker.getSymbolsInScope(file, all)) tell(symbol.name, symbol);
  return told;
}

/** What differs between Node's declarations in `types` as they are and deferred. */
async function compare(types: string): Promise<{ count: number; different: unknown[] }> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "empty.ts");
  writeFileSync(path, "export {};");
  const options = { ...common, typeRoots: [types] };
  const whole = describeNode(options, path, false);
  const deferred = describeNode(options, path, true);
  const names = new Set([...whole.keys(), ...deferred.keys()]);
  const different = [...names]
    .filter((name) => deferred.get(name) !== whole.get(name))
    .map((name) => [name, whole.get(name), deferred.get(name)]);
  return { count: whole.size, different: different.slice(0, 5) };
}

test("what is deferred of Node's declarations says the same as all of it", async () => {
  const { count, different } = await compare(join(repositoryRoot, "node_modules", "@types"));
  assert.ok(count > 10_000, `${count}`);
  assert.deepEqual(different, []);
});

/** Forms that other versions of the declarations have. */
const oddFiles: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "@types/node", "types": "index.d.ts" }',
  "index.d.ts": ["far", "shared", "beside", "twice", "plain"]
    .map((name) => `/// <reference path="${name}.d.ts" />\n`)
    .join(""),
  "far.d.ts":
    'declare module "far" { const made: typeof import("made").make; type Own = import("plain").Plain; }',
  "shared.d.ts": `declare module "shared" {
  interface Events { open: [count: number] }
  global {
    var channel: { readonly events: channel.Events };
    namespace channel { export { Events } }
  }
  export = channel;
}`,
  "beside.d.ts": 'type Beside = "beside"; declare module "beside" { const beside: Beside; }',
  "twice.d.ts":
    'declare module "twice" { const one: 1; } declare module "twice" { const two: 2; export { one as first }; }',
  "plain.d.ts": `declare module "plain" {
  import { beside } from "beside";
  export class Plain { readonly kind: typeof beside; static of(text: string): Plain }
  enum Kind { a, b }
  namespace tools { const kind: Kind }
  global { interface Array<T> { toPlain(): Plain; } }
}`,
};

test("declarations that cannot be deferred are left as they are", async () => {
  await using folder = await temporaryFolder();
  const modules = join(folder.path, "node_modules");
  const files = Object.entries(oddFiles).map(([name, text]) => [`@types/node/${name}`, text]);
  files.push(["made/index.d.ts", "export declare function make(count: number): string;"]);
  for (const [name = "", text = ""] of files) {
    const path = join(modules, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const { count, different } = await compare(join(modules, "@types"));
  assert.ok(count > 1_000, `${count}`);
  assert.deepEqual(different, []);
});

test("a module of Node's is read when a cell asks for it", async () => {
  using notebook = new Notebook();
  await notebook.run("const kept: Buffer = Buffer.from('x');");
  assert.deepEqual(
    notebook.problems('import { constants } from "node:http2"; const wrong: string = constants;')
      .length,
    1,
  );
  assert.equal(
    await notebook.run(
      'import * as v8 from "v8"; v8.getHeapStatistics().used_heap_size > kept.length',
    ),
    true,
  );
  assert.deepEqual(notebook.problems("v8.getHeapStatistics().nothing"), [
    "0:23-0:30 2339 Property 'nothing' does not exist on type 'HeapInfo'.",
  ]);
  assert.deepEqual(notebook.problems("process.getBuiltinModule('node:v8').nothing").length, 1);
});

test("a module of Node's is known where a local file imports it", async () => {
  await using folder = await temporaryFolder();
  writeFileSync(
    join(folder.path, "sizes.ts"),
    'import { getHeapStatistics } from "node:v8";\nexport const size = getHeapStatistics().malloced_memory;\n',
  );
  using notebook = new Notebook({ folder: folder.path });
  assert.deepEqual(notebook.problems('import { size } from "./sizes.ts"; size.trim()'), [
    "0:40-0:44 2339 Property 'trim' does not exist on type 'number'.",
  ]);
});

test("a cell adds to a module of Node's that was not read before", () => {
  using notebook = new Notebook();
  const cell = [
    'import { statSync } from "node:fs";',
    'declare module "fs" { interface Stats { readonly mine: number } }',
    'statSync("/").mine.toFixed(statSync("/").size).nothing',
  ];
  assert.deepEqual(notebook.problems(cell.join("\n")), [
    "2:47-2:54 2339 Property 'nothing' does not exist on type 'string'.",
  ]);
});

test("readAhead() reads what is often needed, step by step, and comes to an end", () => {
  using notebook = new Notebook();
  assert.deepEqual(notebook.problems("1 + 1"), []);
  let count = 0;
  while (readAhead()) count++;
  assert.ok(count > 1 && count < 100, `${count}`);
  assert.equal(readAhead(), false);
  assert.deepEqual(
    notebook.problems('import { readFileSync } from "fs"; readFileSync("/x", "utf8").nothing'),
    ["0:62-0:69 2339 Property 'nothing' does not exist on type 'string'."],
  );
});
