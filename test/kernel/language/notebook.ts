import { createRequire } from "node:module";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import type { Conversion, Diagnostic, Language } from "../../../kernel/language/language.ts";
import { createLanguage, type LanguageOptions } from "../../../kernel/language/tslab-language.ts";

/** The folder of this package, whose packages the test notebooks use. */
export const packageFolder = join(import.meta.dirname, "../../../..");

/** A notebook whose cells run in this process, as the runtime would run them. */
export class Notebook implements Disposable {
  readonly language: Language;
  readonly exports: Record<string, unknown> = {};
  readonly #require: NodeJS.Require;

  constructor(options: Partial<LanguageOptions> = {}) {
    const folder = options.folder ?? packageFolder;
    this.language = createLanguage({ ...options, folder });
    this.#require = createRequire(join(folder, "cell.js"));
  }

  /** Runs a cell and gives the value of its last expression; throws what the compiler finds. */
  async run(code: string): Promise<unknown> {
    const conversion = compiled(this.language.convert(code));
    const { output, lastExpressionVariable, sideOutputs } = conversion.cell;
    const exports = new Proxy(this.exports, {
      defineProperty(target, name, { get, value }) {
        if (name !== "__esModule") target[String(name)] = get ? get() : value;
        return true;
      },
    });
    const files = new Map(sideOutputs.map(({ path, data }) => [path, data]));
    if (output !== undefined) {
      const run = runInThisContext(`(async (exports, require) => {${output}\n})`);
      await run(exports, (name: string) => this.#load(name, files));
    }
    this.language.commit(conversion.declarations);
    if (lastExpressionVariable === undefined) return undefined;
    const value = this.exports[lastExpressionVariable];
    delete this.exports[lastExpressionVariable];
    return value;
  }

  /** What the compiler finds wrong in a cell: `line:column-line:column code message`. */
  problems(code: string): string[] {
    const conversion = this.language.convert(code);
    return conversion.kind === "compiled" ? [] : conversion.diagnostics.map(formatDiagnostic);
  }

  /** Texts of the candidates at `|` in a cell. */
  complete(code: string): string[] {
    const cursor = code.indexOf("|");
    const text = code.slice(0, cursor) + code.slice(cursor + 1);
    return this.language.complete(text, cursor).candidates.map((candidate) => candidate.text);
  }

  #load(name: string, files: ReadonlyMap<string, string>): unknown {
    const path = Object.keys(Object.fromEntries(files)).find((file) =>
      file.endsWith(`${name.replace(/^\.\//, "/").replace(/\.js$/, "")}.js`),
    );
    if (!name.startsWith(".") || path === undefined) {
      const ownRequire = createRequire(import.meta.url);
      const isThere =
        this.#require.resolve.paths(name) !== null && isResolvable(this.#require, name);
      return (isThere ? this.#require : ownRequire)(name);
    }
    const exports = {};
    runInThisContext(`((exports, require) => {${files.get(path)}\n})`)(exports, this.#require);
    return exports;
  }

  [Symbol.dispose](): void {
    this.language.close();
  }
}

export function compiled(conversion: Conversion): Conversion & { readonly kind: "compiled" } {
  if (conversion.kind === "compiled") return conversion;
  throw new Error(conversion.diagnostics.map(formatDiagnostic).join("\n"));
}

export function formatDiagnostic({ code, message, start, end, fileName }: Diagnostic): string {
  const place = `${start.line}:${start.column}-${end.line}:${end.column}`;
  return `${fileName === undefined ? "" : `${fileName} `}${place} ${code} ${message}`;
}

function isResolvable(require: NodeJS.Require, name: string): boolean {
  try {
    return require.resolve(name) !== "";
  } catch {
    return false; // Not in the notebook's folder: the kernel's own packages are next.
  }
}
