import { commonJsOptions, toCommonJs } from "./common-js.ts";
import { emitForced } from "./forced-emit.ts";
import { localDependencies } from "./local-dependencies.ts";
import { formatSourceMap, splitInlineSourceMap } from "./source-map.ts";
import type { ts } from "./typescript.ts";

/** A local file as CommonJS, with its source map written at its end. */
export interface LocalOutput {
  readonly path: string;
  readonly data: string;
}

/** Compiles the local files that cells import, each when it is new or changed. */
export class LocalOutputs {
  #outputs: LocalOutput[] = [];
  /** Files of unusual kinds that were compiled; a changed file is another object. */
  readonly #overlooked = new WeakSet<ts.SourceFile>();

  /** What was compiled since the last call. */
  take(): readonly LocalOutput[] {
    const taken = this.#outputs;
    this.#outputs = [];
    return taken;
  }

  /** tslab knows local files that end with `.ts` and `.js`; there are more kinds. */
  emitOverlooked(program: ts.Program, source: ts.SourceFile): void {
    for (const name of localDependencies(program, source)) {
      const file = program.getSourceFile(name);
      if (file === undefined || !/\.(?:[jt]sx|[cm]ts)$/.test(name)) continue;
      if (this.#overlooked.has(file)) continue;
      this.#overlooked.add(file);
      this.emit(program, file);
    }
  }

  /** In place of tslab, which refuses files outside of the notebook's folder. */
  emit(program: ts.Program, file: ts.SourceFile): ts.EmitResult {
    const options = commonJsOptions(program.getCompilerOptions());
    return emitForced(program, file, (name, data) => {
      if (!/\.[cm]?js$/.test(name)) return;
      const { text, mappings } = toCommonJs(splitInlineSourceMap(data), options);
      const map = Buffer.from(formatSourceMap(mappings, file.fileName)).toString("base64");
      this.#outputs.push({
        path: file.fileName.replace(/\.([cm]?)[jt]sx?$/, ".$1js"),
        data: `${text}//# sourceMappingURL=data:application/json;base64,${map}\n`,
      });
    });
  }
}
