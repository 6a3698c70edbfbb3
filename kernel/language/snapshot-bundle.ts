import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { loadTypeScript } from "./typescript.ts";

/** One script that needs nothing but Node's own modules, and the files it was made of. */
export interface SnapshotBundle {
  readonly text: string;
  readonly inputs: readonly string[];
}

/** What the modules find in place of Node's loader, which cannot be in a snapshot. */
const loader = `
const { fileURLToPath, pathToFileURL } = require("node:url");
const { dirname } = require("node:path");
const cache = {};
function createRequire(from) {
  const place = String(from).startsWith("file:") ? fileURLToPath(from) : from;
  const resolve = (id) => {
    if (id in modules) return id;
    const path = resolved[place + "\\n" + id];
    if (path !== undefined) return path;
    throw Object.assign(new Error("Cannot find module " + id), { code: "MODULE_NOT_FOUND" });
  };
  const own = (id) => {
    if (id === "node:module") return { createRequire };
    return builtins.has(id) ? require(id) : load(resolve(id));
  };
  return Object.assign(own, { resolve, cache });
}
function load(path) {
  const module = (cache[path] ??= { exports: undefined });
  if (module.exports !== undefined) return module.exports;
  module.exports = {};
  const url = pathToFileURL(path).href;
  modules[path](module.exports, createRequire(path), module, path, dirname(path), url);
  return module.exports;
}
`;

/** Bundles the language with tslab and TypeScript, warmed up for a notebook in `folder`. */
export function bundleLanguage(folder: string): SnapshotBundle {
  const bundle = new Bundle();
  const service = fileURLToPath(new URL("./language-service.js", import.meta.url));
  bundle.addOwn(service);
  const { modules, resolved, builtins } = bundle;
  const definitions = [...modules].map(
    ([path, text]) =>
      `${JSON.stringify(path)}(exports, require, module, __filename, __dirname, __url) {${text}\n}`,
  );
  const text = `const modules = {\n${definitions.join(",\n")}\n};
const resolved = ${JSON.stringify(Object.fromEntries(resolved))};
const builtins = new Set(${JSON.stringify([...builtins])});
${loader}
const service = load(${JSON.stringify(service)});
service.warmUp(${JSON.stringify(folder)});
require("node:v8").startupSnapshot.setDeserializeMainFunction(() => service.serveLanguage());
`;
  return { text, inputs: [...modules.keys()] };
}

class Bundle {
  /** Bodies of CommonJS modules by path. */
  readonly modules = new Map<string, string>();
  /** From a module's path and what it asks for, on two lines, to a path. */
  readonly resolved = new Map<string, string>();
  readonly builtins = new Set<string>();

  /** A module of this package and all that it imports. */
  addOwn(path: string): void {
    if (this.modules.has(path)) return;
    this.modules.set(path, "");
    const typescript = loadTypeScript();
    const source = readFileSync(path, "utf8")
      .replaceAll("import.meta.url", "__url")
      // The name that the wrapper gives to the loader.
      .replace(/\brequire\b/g, "ownRequire");
    const { outputText } = typescript.transpileModule(source, {
      compilerOptions: {
        module: typescript.ModuleKind.CommonJS,
        target: typescript.ScriptTarget.ES2022,
      },
    });
    this.modules.set(path, outputText.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, ""));
    for (const [, id = ""] of outputText.matchAll(/\brequire\("([^"]+)"\)/g)) {
      if (this.#isBuiltin(id)) continue;
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
