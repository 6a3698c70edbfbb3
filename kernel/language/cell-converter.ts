import { toCommonJs } from "./common-js.ts";
import { notebookOptions } from "./compiler-options.ts";
import { emitForced } from "./forced-emit.ts";
import { ModuleResolver } from "./module-resolver.ts";
import { createNotebookSystem, type NotebookSystem } from "./notebook-system.ts";
import {
  composeMappings,
  decodeMappings,
  type Mapping,
  splitInlineSourceMap,
} from "./source-map.ts";
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
  /** From the output to the source, the prefix not counted. */
  readonly mappings: readonly Mapping[];
}

/** The compiler's view of a source that was given to it last. */
export interface AnalyzedSource {
  readonly program: ts.Program;
  readonly file: ts.SourceFile;
}

const ignore = () => {};

/**
 * tslab's converter for the notebooks of one folder, with packages resolved as bundlers do, source
 * maps, and one compilation a cell instead of two. It holds no timer and no watcher.
 */
export class CellConverter {
  readonly #typescript: TypeScript = loadTypeScript();
  readonly #notebook: NotebookSystem;
  readonly #converter: Converter;
  readonly #sourcePath: string;
  #program: ts.Program | undefined;
  #resolver: ModuleResolver | undefined;
  #lastMappings: readonly Mapping[] = [];
  #last:
    | {
        readonly declarations: string;
        readonly source: string;
        readonly converted: ConvertedSource;
      }
    | undefined;

  constructor(folder: string, isJavaScript: boolean) {
    const typescript = this.#typescript;
    this.#notebook = createNotebookSystem(typescript, folder);
    const { system, globalsPath } = this.#notebook;
    this.#sourcePath = globalsPath.replace(
      /__globals__\.d\.ts$/,
      isJavaScript ? "__tslab__.js" : "__tslab__.ts",
    );
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
          files.flatMap((file) => [
            ...program.getSyntacticDiagnostics(file),
            ...program.getSemanticDiagnostics(file),
          ]),
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
    const result = this.#converter.convert(declarations, source);
    const mappings = this.#lastMappings;
    const converted = { result: { ...result, sideOutputs: [] }, mappings };
    this.#last = { declarations, source, converted };
    return { result, mappings };
  }

  /** The program for a source; for completion, so nothing of it is checked yet. */
  analyze(declarations: string, source: string): AnalyzedSource {
    this.#notebook.announceChanges();
    // tslab's own completion would be made twice; its inspection at the first place is cheap.
    this.#converter.inspect(declarations, source, -sourcePrefix.length);
    const file = this.#program?.getSourceFile(this.#sourcePath);
    if (this.#program === undefined || file === undefined) throw new Error("There is no program");
    return { program: this.#program, file };
  }

  inspect(declarations: string, source: string, position: number): ts.QuickInfo | undefined {
    this.#notebook.announceChanges();
    const information = this.#converter.inspect(declarations, source, position);
    // Of a name that is not declared, TypeScript says that it is any.
    return information?.kind === this.#typescript.ScriptElementKind.unknown &&
      information.displayParts?.map(({ text }) => text).join("") === "any"
      ? undefined
      : information;
  }

  close(): void {
    this.#converter.close();
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
    const announce = host.afterProgramCreate;
    const watch = typescript.createWatchProgram({
      ...host,
      createProgram: (...parameters) => {
        const builder = typescript.createAbstractBuilder(...parameters);
        builder.getAllDependencies = (file) => localDependencies(builder.getProgram(), file);
        builder.emit = (...emitted) => emitForced(builder.getProgram(), ...emitted);
        return builder;
      },
      afterProgramCreate: (builder) => {
        this.#program = builder.getProgram();
        announce?.(builder);
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
    const { text, mappings } = splitInlineSourceMap(input);
    const output = toCommonJs(text, options.compilerOptions ?? {});
    this.#lastMappings = composeMappings(output.mappings, mappings ?? []);
    return { outputText: output.text };
  }
}

/** The local files that are compiled with `file`: itself and what it imports, at any distance. */
function localDependencies(program: ts.Program, file: ts.SourceFile): string[] {
  const found = new Set<string>();
  const visit = (current: ts.SourceFile): void => {
    if (found.has(current.fileName)) return;
    found.add(current.fileName);
    for (const name of resolvedImports(current)) {
      const imported = program.getSourceFile(name);
      if (imported === undefined || imported.isDeclarationFile) continue;
      if (!program.isSourceFileFromExternalLibrary(imported)) visit(imported);
    }
  };
  visit(file);
  return [...found];
}

function resolvedImports(file: ts.SourceFile): string[] {
  // Not part of the public types: module name → mode → resolution.
  const { resolvedModules } = file as unknown as {
    readonly resolvedModules?: {
      forEach(
        visit: (resolution: { resolvedModule?: ts.ResolvedModule } | undefined) => void,
      ): void;
    };
  };
  const names: string[] = [];
  resolvedModules?.forEach((resolution) => {
    if (resolution?.resolvedModule) names.push(resolution.resolvedModule.resolvedFileName);
  });
  return names;
}
