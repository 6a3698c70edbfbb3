import { fileURLToPath } from "node:url";
import { ModuleBundle } from "./module-bundle.ts";
import { loadTypeScript, type ts } from "./typescript.ts";

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

/** A script without the spaces that its lines begin with, which are a sixth of TypeScript's. */
function withoutIndents(script: string): string {
  const typescript = loadTypeScript();
  const file = typescript.createSourceFile("script.js", script, typescript.ScriptTarget.Latest);
  const insideOfTexts = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (typescript.isTemplateLiteralToken(node) || typescript.isStringLiteral(node)) {
      for (let at = script.indexOf("\n", node.pos) + 1; at > 0 && at < node.end; ) {
        insideOfTexts.add(at);
        at = script.indexOf("\n", at) + 1;
      }
    }
    typescript.forEachChild(node, visit);
  };
  visit(file);
  const starts = file.getLineStarts();
  return starts
    .map((start, line) => {
      const text = script.slice(start, starts[line + 1]);
      return insideOfTexts.has(start) ? text : text.replace(/^[ \t]+/, "");
    })
    .join("");
}

/** A single character beyond Latin-1 makes V8 keep two bytes for each one of a script. */
function inLatin1(script: string): string {
  return script.replace(
    /[\u0100-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Bundles the language with tslab and TypeScript, warmed up for a notebook in `folder`. */
export function bundleLanguage(folder: string): SnapshotBundle {
  const bundle = new ModuleBundle();
  const service = fileURLToPath(new URL("./language-service.js", import.meta.url));
  bundle.addOwn(service);
  for (const [path, text] of bundle.modules) bundle.modules.set(path, withoutIndents(text));
  const text = `${bundle.text}
${loader}
const service = load(${JSON.stringify(service)});
service.warmUp(${JSON.stringify(folder)});
require("node:v8").startupSnapshot.setDeserializeMainFunction(() => service.serveLanguage());
`;
  return { text: inLatin1(text), inputs: [...bundle.modules.keys()] };
}
