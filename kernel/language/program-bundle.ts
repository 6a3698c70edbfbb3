import { type Manifest, stampAll } from "./manifest.ts";
import { ModuleBundle } from "./module-bundle.ts";

/** A program of this package as one script, with all that it imports. */
export interface ProgramBundle extends Manifest {
  /**
   * An expression that gives a function: called with Node's `createRequire` and a function that
   * imports, it runs the program and gives a function that loads any of its modules by the path.
   */
  readonly text: string;
}

/** What is not in the bundle is asked of Node. */
const loader = `
const { fileURLToPath, pathToFileURL } = builtin("node:url");
const { dirname } = builtin("node:path");
const cache = {};
function makeRequire(from) {
  let node;
  const place = String(from).startsWith("file:") ? fileURLToPath(from) : from;
  const own = (id) => {
    if (id === "node:module") return { createRequire: makeRequire };
    if (builtins.has(id)) return builtin(id);
    const path = resolved[place + "\\n" + id];
    return path === undefined ? (node ??= createRequire(place))(id) : load(path);
  };
  return Object.assign(own, { resolve: (id) => (node ??= createRequire(place)).resolve(id) });
}
function load(path) {
  const there = cache[path];
  if (there !== undefined) return there.exports;
  const module = (cache[path] = { exports: {} });
  const url = pathToFileURL(path).href;
  modules[path].call(module.exports, module.exports, makeRequire(path), module, path, dirname(path), url);
  return module.exports;
}
async function importAny(url) {
  const path = String(url).startsWith("file:") ? fileURLToPath(url) : url;
  return path in modules ? load(path) : importModule(url);
}
`;

/**
 * Bundles the program in the file `path` of this package; `extras` are modules that it may import
 * by a name which it is told.
 */
export function bundleProgram(path: string, extras: readonly string[] = []): ProgramBundle {
  const bundle = new ModuleBundle();
  for (const each of [path, ...extras]) bundle.addOwn(each);
  const text = `(function (createRequire, importModule) {
const builtin = createRequire(${JSON.stringify(path)});
${bundle.text}
${loader}
load(${JSON.stringify(path)});
return load;
})`;
  return { text, inputs: stampAll([...bundle.modules.keys()]) };
}
