import { CellPrograms, mentionModules } from "./cell-programs.ts";
import { commonJsOptions, toCommonJs } from "./common-js.ts";
import { notebookOptions } from "./compiler-options.ts";
import { earlierNames } from "./earlier-names.ts";
import { emitForced } from "./forced-emit.ts";
import { localDependencies } from "./local-dependencies.ts";
import { type LocalOutput, LocalOutputs } from "./local-outputs.ts";
import { ModuleResolver } from "./module-resolver.ts";
import { createNotebookSystem, type NotebookSystem } from "./notebook-system.ts";
import { toCommonJsQuickly } from "./quick-common-js.ts";
import { splitSections } from "./sections.ts";
import { SharedFiles } from "./shared-files.ts";
import { type Mapping, splitInlineSourceMap } from "./source-map.ts";
import {
  type Converter,
  createTslabConverter,
  loadTypeScript,
  type TypeScript,
  type ts,
} from "./typescript.ts";

/** tslab puts this line above every cell, and does not count it in its positions. */
export const sourcePrefix = "export {};\n";

export interface ConvertedSource {
  readonly result: ReturnType<Converter["convert"]>;
  /** From the output to the source, with the prefix as its first line. */
  readonly mappings: readonly Mapping[];
  /** Local files that the source imports, as CommonJS. */
  readonly localOutputs: readonly LocalOutput[];
}

/** The compiler's view of a source that was given to it last. */
export interface AnalyzedSource {
  readonly program: ts.Program;
  readonly file: ts.SourceFile;
}

/** tslab makes the notebook's folder the root of all sources; files above it are fine here. */
const outsideOfRootDirectory = 6059;

const ignore = () => {};

/**
 * tslab's converter for the notebooks of one folder, with packages resolved as bundlers do, source
 * maps, and one compilation a cell instead of two. It holds no timer and no watcher.
 */
export class CellConverter {
  readonly #typescript: TypeScript = loadTypeScript();
  readonly #notebook: NotebookSystem;
  readonly #converter: Converter;
  readonly #programs: CellPrograms;
  readonly #sourcePath: string;
  readonly #earlierPath: string;
  #program: ts.Program | undefined;
  #resolver: ModuleResolver | undefined;
  #lastMappings: readonly Mapping[] = [];
  readonly #localFiles = new LocalOutputs();
  /** The source does not use the name that tslab gives to its last expression. */
  #isValueNameFree = true;
  #last:
    | {
        readonly declarations: string;
        readonly source: string;
        readonly converted: ConvertedSource;
      }
    | undefined;

  #lastAnalyzed:
    | (AnalyzedSource & { readonly declarations: string; readonly source: string })
    | undefined;

  constructor(folder: string, isJavaScript: boolean) {
    const typescript = this.#typescript;
    this.#notebook = createNotebookSystem(typescript, folder);
    const { system, globalsPath } = this.#notebook;
    this.#sourcePath = globalsPath.replace(
      /__globals__\.d\.ts$/,
      isJavaScript ? "__tslab__.js" : "__tslab__.ts",
    );
    this.#earlierPath = globalsPath.replace(/__globals__(?=\.d\.ts$)/, "__prev__");
    this.#programs = new CellPrograms(typescript, this.#sourcePath, this.#earlierPath);
    this.#converter = createTslabConverter(
      {
        sys: system,
        // tslab gives the file names, the options and the system; nothing else is used.
        createWatchCompilerHost: ((
          names: string[],
          options: ts.CompilerOptions,
          ownSystem: ts.System,
        ) =>
          typescript.createWatchCompilerHost(
            [...names, globalsPath],
            notebookOptions(typescript, folder, options),
            ownSystem,
            undefined,
            ignore,
            ignore,
          )) as TypeScript["createWatchCompilerHost"],
        // Only called by tslab with the host made above.
        createWatchProgram: ((
          host: ts.WatchCompilerHostOfFilesAndCompilerOptions<ts.BuilderProgram>,
        ) => this.#createWatchProgram(host)) as TypeScript["createWatchProgram"],
        // Without the errors of declarations: a type that cannot be named elsewhere is no mistake.
        getPreEmitDiagnosticsOfFiles: (program, files) =>
          files
            .flatMap((file) => [
              ...program.getSyntacticDiagnostics(file),
              ...program.getSemanticDiagnostics(file),
            ])
            .filter(({ code }) => code !== outsideOfRootDirectory),
        transpileModule: (input, options) => this.#transpile(input, options),
      },
      { isJS: isJavaScript },
    );
  }

  /**
   * Compiles a source that sees `declarations`; it must export what it declares. Local files are
   * in the result that first needs them, and again when they changed.
   */
  convert(declarations: string, source: string): ConvertedSource {
    const hasChanges = this.#notebook.announceChanges();
    const last = this.#last;
    if (
      !hasChanges &&
      !this.#resolver?.hasAnyFailure &&
      last?.declarations === declarations &&
      last.source === source
    ) {
      return last.converted;
    }
    // TypeScript keeps the program of an unchanged source, whose names tslab would export again.
    this.#isValueNameFree = !source.includes("tsLastExpr");
    const result = this.#convertSurely(this.#see(declarations), source);
    const mappings = this.#lastMappings;
    this.#last = { declarations, source, converted: { result, mappings, localOutputs: [] } };
    return { result, mappings, localOutputs: this.#localFiles.take() };
  }

  /** What is wrong is said by a compiler that has seen nothing else, which knows better what was meant. */
  #convertSurely(declarations: string, source: string): ConvertedSource["result"] {
    const result = this.#converter.convert(declarations, source);
    if (result.diagnostics.length === 0 || !this.#programs.forget()) return result;
    return this.#converter.convert(declarations, source);
  }

  /** The program for a source; for completion, so nothing of it is checked yet. */
  analyze(declarations: string, source: string): AnalyzedSource {
    const hasChanges = this.#notebook.announceChanges();
    const last = this.#lastAnalyzed;
    const isSame =
      !hasChanges &&
      !this.#resolver?.hasAnyFailure &&
      last?.declarations === declarations &&
      last.source === source;
    if (isSame && last.program === this.#program) return last;
    // tslab's own completion would be made twice; its inspection at the first place is cheap.
    this.#converter.inspect(this.#see(declarations), source, -sourcePrefix.length);
    const file = this.#program?.getSourceFile(this.#sourcePath);
    if (this.#program === undefined || file === undefined) throw new Error("There is no program");
    this.#lastAnalyzed = { declarations, source, program: this.#program, file };
    return this.#lastAnalyzed;
  }

  inspect(declarations: string, source: string, position: number): ts.QuickInfo | undefined {
    this.#notebook.announceChanges();
    const information = this.#converter.inspect(this.#see(declarations), source, position);
    // Of a name that is not declared, TypeScript says that it is any.
    return information?.kind === this.#typescript.ScriptElementKind.unknown &&
      information.displayParts?.map(({ text }) => text).join("") === "any"
      ? undefined
      : information;
  }

  /** How the name at a position of the last source is declared, where that is known and not too long. */
  sourceAt(position: number): string | undefined {
    const file = this.#program?.getSourceFile(this.#sourcePath);
    if (this.#program === undefined || file === undefined) return undefined;
    const node = this.#typescript.getTouchingPropertyName(file, position + sourcePrefix.length);
    const symbol = this.#program.getTypeChecker().getSymbolAtLocation(node);
    const declaration = symbol?.declarations?.[0];
    const text = declaration?.getText(fileOf(declaration));
    return text === undefined || text.length > 10_000 ? undefined : text;
  }

  /** Adds a module that lives in memory, `./name` for imports, or replaces it; gives what is wrong in it. */
  addModule(
    name: string,
    source: string,
    isJsx: boolean,
  ): ConvertedSource["result"]["diagnostics"] {
    return this.#converter.addModule(name, source, isJsx ? { jsx: true } : {});
  }

  close(): void {
    this.#converter.close();
  }

  /** Makes the declarations visible for the next source; tslab is to be given those that remain. */
  #see(declarations: string): string {
    const sections = splitSections(declarations);
    this.#programs.see(sections.filter((section) => !mentionModules(section)));
    return sections.filter(mentionModules).join("");
  }

  #createWatchProgram(
    host: ts.WatchCompilerHostOfFilesAndCompilerOptions<ts.BuilderProgram>,
  ): ts.WatchOfFilesAndCompilerOptions<ts.BuilderProgram> {
    const typescript = this.#typescript;
    const { globalsPath } = this.#notebook;
    const resolver = new ModuleResolver(
      typescript,
      { ...host, getCurrentDirectory: host.getCurrentDirectory },
      host.options,
    );
    this.#resolver = resolver;
    const shared = new SharedFiles(host.options);
    const announce = host.afterProgramCreate;
    const watched = this.#programs.intercept({
      ...host,
      afterProgramCreate: (builder) => {
        this.#program = builder.getProgram();
        announce?.(builder);
      },
    });
    const watch = typescript.createWatchProgram({
      ...watched,
      createProgram: (names, options, compilerHost, ...rest) => {
        if (compilerHost) shared.share(compilerHost);
        const builder = typescript.createAbstractBuilder(names, options, compilerHost, ...rest);
        builder.getAllDependencies = (file) => localDependencies(builder.getProgram(), file);
        builder.emit = (file, write, cancellation, isDeclarationsOnly, transformers) => {
          const program = builder.getProgram();
          if (file && file.fileName !== this.#sourcePath)
            return this.#localFiles.emit(program, file);
          if (file) this.#localFiles.emitOverlooked(program, file);
          const earlier = program.getSourceFile(this.#earlierPath);
          const before = [earlierNames(program, earlier)];
          const result = emitForced(program, file, write, cancellation, isDeclarationsOnly, {
            ...transformers,
            before,
          });
          this.#programs.hideEarlier();
          return result;
        };
        return builder;
      },
      resolveModuleNameLiterals: (literals, file) =>
        resolver.resolveAll(
          literals.map(({ text }) => text),
          file,
        ),
      resolveTypeReferenceDirectiveReferences: (references, file) =>
        resolver.resolveTypes(references, file),
      hasInvalidatedResolutions: (path) => resolver.hasFailures(path),
    });
    return {
      ...watch,
      updateRootFileNames: (names) => watch.updateRootFileNames([...names, globalsPath]),
    };
  }

  #transpile(input: string, options: ts.TranspileOptions): ts.TranspileOutput {
    const module = splitInlineSourceMap(input);
    const output =
      (this.#isValueNameFree ? toCommonJsQuickly(module) : undefined) ??
      toCommonJs(module, commonJsOptions(options.compilerOptions ?? {}));
    this.#lastMappings = output.mappings;
    // A cell that fails must not have wiped the earlier values of the names it declares.
    return { outputText: output.text.replace(/^exports\.[^\n]* = void 0;$/m, "") };
  }
}

/** The file whose text a node is written in. */
function fileOf(node: ts.Node): ts.SourceFile {
  const typescript = loadTypeScript();
  let found = node;
  while (!typescript.isSourceFile(found)) found = found.parent;
  return found;
}
