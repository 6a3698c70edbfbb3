import { existsSync, readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadTypeScript } from "./typescript.ts";

/** Modules as bodies of CommonJS functions: some of this package, and all that they import. */
export class ModuleBundle {
  /** Bodies of CommonJS modules by path. */
  readonly modules = new Map<string, string>();
  /** From a module's path and what it asks for, on two lines, to a path. */
  readonly resolved = new Map<string, string>();
  readonly builtins = new Set<string>();

  /** Source that defines `modules`, functions by path, `resolved` and `builtins`. */
  get text(): string {
    const definitions = [...this.modules].map(
      ([path, text]) =>
        `${JSON.stringify(path)}(exports, require, module, __filename, __dirname, __url) {${text}\n}`,
    );
    return `const modules = {\n${definitions.join(",\n")}\n};
const resolved = ${JSON.stringify(Object.fromEntries(this.resolved))};
const builtins = new Set(${JSON.stringify([...this.builtins])});`;
  }

  /** A module of this package and all that it imports. */
  addOwn(path: string): void {
    if (this.modules.has(path)) return;
    this.modules.set(path, "");
    const typescript = loadTypeScript();
    const source = readFileSync(path, "utf8")
      .replaceAll("import.meta.url", "__url")
      // Which module a variable names is seen at run time.
      .replace(/\bimport\((?=[a-zA-Z_])/g, "importAny(")
      // The name that the wrapper gives to the loader.
      .replace(/\brequire\b/g, "ownRequire");
    const { outputText } = typescript.transpileModule(source, {
      compilerOptions: {
        module: typescript.ModuleKind.CommonJS,
        target: typescript.ScriptTarget.ES2022,
        // A default import is what a CommonJS module exports, as in Node.
        esModuleInterop: true,
      },
    });
    this.modules.set(path, outputText.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, ""));
    for (const [, id = ""] of outputText.matchAll(/\brequire\("([^"]+)"\)/g)) {
      if (this.#isBuiltin(id)) continue;
      if (!id.startsWith(".")) {
        this.#addForeign(path, id);
        continue;
      }
      const target = join(dirname(path), id);
      this.resolved.set(`${path}\n${id}`, target);
      this.addOwn(target);
    }
    for (const [, id = ""] of source.matchAll(/\bownRequire\.resolve\("([^"]+)"\)/g)) {
      this.#addForeign(path, id);
    }
    for (const [, id = ""] of source.matchAll(/\bfromTslab\("([^"]+)"\)/g)) {
      this.#addForeign(createRequire(path).resolve("tslab/dist/converter.js"), id);
    }
  }

  #addForeign(from: string, id: string): void {
    if (this.#isBuiltin(id)) return;
    let path: string;
    try {
      path = createRequire(pathToFileURL(from)).resolve(id);
    } catch {
      // TypeScript asks for modules that need not be there.
      return;
    }
    if (isEcmaScript(path)) return;
    this.resolved.set(`${from}\n${id}`, path);
    if (this.modules.has(path)) return;
    const text = readFileSync(path, "utf8");
    this.modules.set(path, path.endsWith(".json") ? `module.exports = ${text}` : text);
    for (const [, each = ""] of text.matchAll(/\brequire\(\s*["']([^"']+)["']\s*\)/g)) {
      this.#addForeign(path, each);
    }
  }

  #isBuiltin(id: string): boolean {
    if (isBuiltin(id)) this.builtins.add(id);
    return isBuiltin(id);
  }
}

/** Modules that CommonJS cannot hold; whoever wants them asks Node. */
function isEcmaScript(path: string): boolean {
  if (path.endsWith(".mjs")) return true;
  if (!path.endsWith(".js")) return false;
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const about = join(folder, "package.json");
    if (!existsSync(about)) continue;
    const { type } = JSON.parse(readFileSync(about, "utf8")) as { type?: unknown };
    return type === "module";
  }
  return false;
}
