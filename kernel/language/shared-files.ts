import { declaresNode, deferModules } from "./deferred-modules.ts";
import { fileStamp } from "./file-stamp.ts";
import { isLocalFile } from "./notebook-system.ts";
import type { ts } from "./typescript.ts";

interface SharedFile {
  readonly stamp: string;
  readonly file: ts.SourceFile;
}

const files = new Map<string, SharedFile>();

/**
 * Lets the compilers of one process share the parsed declarations of the standard library and of
 * packages, which take most of a compiler's start, where their options let them.
 */
export class SharedFiles {
  readonly #settings: string;
  readonly #options: ts.CompilerOptions;
  /** Files whose stamp this compiler has looked at; a package installed later makes a new compiler. */
  readonly #current = new Map<string, ts.SourceFile>();

  readonly #sharing = new WeakSet<ts.CompilerHost>();

  constructor(options: ts.CompilerOptions) {
    this.#options = options;
    this.#settings = JSON.stringify(options, omitPaths);
  }

  /** Makes a host take its packages' declarations from those parsed before. */
  share(host: ts.CompilerHost): void {
    if (this.#sharing.has(host)) return;
    this.#sharing.add(host);
    const { getSourceFile, getSourceFileByPath } = host;
    host.getSourceFile = (name, ...rest) =>
      this.#find(name, rest[0], () => getSourceFile.call(host, name, ...rest));
    if (getSourceFileByPath !== undefined) {
      host.getSourceFileByPath = (name, path, ...rest) =>
        this.#find(name, rest[0], () => getSourceFileByPath.call(host, name, path, ...rest));
    }
  }

  #find(
    name: string,
    options: ts.ScriptTarget | ts.CreateSourceFileOptions,
    parse: () => ts.SourceFile | undefined,
  ): ts.SourceFile | undefined {
    if (isLocalFile(name) || !name.endsWith(".d.ts")) return parse();
    const format = typeof options === "object" ? options.impliedNodeFormat : undefined;
    const key = `${name}\n${format}\n${this.#settings}`;
    const current = this.#current.get(key);
    if (current !== undefined) return current;
    const stamp = fileStamp(name);
    const shared = files.get(key);
    const isNew = shared?.stamp !== stamp;
    const file = isNew ? parse() : shared.file;
    if (file === undefined) return undefined;
    if (isNew && declaresNode(name)) deferModules(file, this.#options);
    files.set(key, { stamp, file });
    this.#current.set(key, file);
    return file;
  }
}

/** Where a notebook lies makes no difference to how a package's declarations are parsed. */
function omitPaths(key: string, value: unknown): unknown {
  return ["baseUrl", "paths", "pathsBasePath", "rootDir", "typeRoots"].includes(key)
    ? undefined
    : value;
}
