import { mentionsAny, type ParsedFile, readSection, type Section } from "./sections.ts";
import { loadTypeScript, type TypeScript, type ts } from "./typescript.ts";

type WatchHost = ts.WatchCompilerHostOfFilesAndCompilerOptions<ts.BuilderProgram>;

/** TypeScript's last program, in which other cells are put in place of the one it was made for. */
interface Base {
  readonly builder: ts.BuilderProgram;
  /** The file of earlier declarations that TypeScript has read, and what it really holds. */
  readonly earlier: ParsedFile;
  readonly statements: ts.SourceFile["statements"];
  readonly ownLocals: ts.SymbolTable;
  /** What each name of earlier cells was when the program's checker was last asked. */
  names: ts.SymbolTable;
  readonly seen: Set<Section>;
  uses: number;
}

/** A checker keeps every type that it has seen, so it is not used for ever. */
const usesLimit = 64;

/** What makes TypeScript look for other files. */
const mayNeedFiles =
  /\bimport\b|\brequire\b|\bfrom\s*["']|<reference|@jsx|\bdeclare\s+(?:global|module)\b/;

/** Whether declarations speak of modules, so that TypeScript must see them as a file of its own. */
export function mentionModules(declarations: string): boolean {
  return mayNeedFiles.test(declarations);
}

/**
 * Gives tslab a program for each of its sources. TypeScript makes a new one, with nothing known of
 * any type, where files may have changed; else the last one is used again with another cell in it,
 * so that what was found out of the standard library and of earlier cells stays known.
 */
export class CellPrograms {
  readonly #typescript: TypeScript;
  readonly #sourcePath: string;
  readonly #earlierPath: string;
  #sections: readonly Section[] = [];
  #base: Base | undefined;
  #number = 0;

  constructor(typescript: TypeScript, sourcePath: string, earlierPath: string) {
    this.#typescript = typescript;
    this.#sourcePath = sourcePath;
    this.#earlierPath = earlierPath;
  }

  /** What the next sources can see beside the declarations that tslab is given. */
  see(declarations: readonly string[]): void {
    this.#sections = declarations.map(readSection);
  }

  /** Makes the next program a new one; false where the last was one already. */
  forget(): boolean {
    const isUsed = (this.#base?.uses ?? 0) > 0;
    if (isUsed) this.#base = undefined;
    return isUsed;
  }

  /** Puts itself between tslab, which tells of new sources, and TypeScript, which would watch them. */
  intercept(host: WatchHost): WatchHost {
    const changed = new Map<string, () => void>();
    let update: (() => void) | undefined;
    let timer: unknown;
    let isRunning = false;
    const announce = (builder: ts.BuilderProgram) => host.afterProgramCreate?.(builder);
    const run = () => {
      timer = undefined;
      isRunning = true;
      const [source, earlier] = [this.#sourcePath, this.#earlierPath].map(
        (path) => host.readFile(path) ?? "",
      );
      const builder =
        update === undefined && changed.size > 0
          ? this.#reuse(source ?? "", earlier ?? "")
          : undefined;
      if (builder === undefined) {
        for (const tell of changed.values()) tell();
        const make = update;
        update = undefined;
        make?.();
      } else {
        announce(builder);
      }
      changed.clear();
      isRunning = false;
    };
    const schedule = () => {
      if (isRunning) return;
      if (timer !== undefined) host.clearTimeout?.(timer);
      timer = host.setTimeout?.(run, 0);
    };
    let reads = 0;
    return {
      ...host,
      // Every text that is read again is another version, also one that was there before.
      createHash: () => String(++reads),
      watchFile: (path, tell, ...rest) => {
        if (path !== this.#sourcePath && path !== this.#earlierPath) {
          return host.watchFile(path, tell, ...rest);
        }
        const note: ts.FileWatcherCallback = (...event) => {
          changed.set(path, () => tell(...event));
          schedule();
        };
        return host.watchFile(path, note, ...rest);
      },
      setTimeout: (callback) => {
        update = callback;
        schedule();
        return callback;
      },
      clearTimeout: () => {
        update = undefined;
      },
      afterProgramCreate: (builder) => {
        this.#base = this.#read(builder);
        announce(builder);
      },
    };
  }

  /** To be called before tslab writes what remains of the earlier declarations: that is done elsewhere. */
  hideEarlier(): void {
    const earlier = this.#base?.earlier;
    if (earlier === undefined) return;
    earlier.locals = new Map();
    // A copy: tslab would replace the statements of the file.
    Object.assign(earlier, { statements: [] });
  }

  #read(builder: ts.BuilderProgram): Base | undefined {
    const program = builder.getProgram();
    // The parser fills what the public types leave out.
    const earlier = program.getSourceFile(this.#earlierPath) as ParsedFile | undefined;
    if (earlier === undefined) return undefined;
    this.#typescript.bindSourceFile(earlier, program.getCompilerOptions());
    const known = this.#base?.earlier === earlier ? this.#base : undefined;
    const base = {
      builder,
      earlier,
      statements: known?.statements ?? earlier.statements,
      ownLocals: known?.ownLocals ?? earlier.locals ?? new Map(),
      seen: new Set(this.#sections),
      uses: 0,
    };
    return { ...base, names: this.#connect(base) };
  }

  /** Makes the sections part of what the cell can see, and gives their names. */
  #connect({ builder, earlier, statements, ownLocals }: Omit<Base, "names">): Base["names"] {
    const options = builder.getProgram().getCompilerOptions();
    const names: ts.SymbolTable = new Map();
    for (const { file } of this.#sections) {
      if (file.locals === undefined) {
        this.#typescript.bindSourceFile(file, options);
        pretendToBeEarlier(file);
      }
      file.parent = earlier;
      file.locals?.forEach((symbol, name) => void names.set(name, symbol));
    }
    earlier.locals = new Map([...ownLocals, ...names]);
    Object.assign(earlier, { statements });
    return names;
  }

  #reuse(source: string, earlierText: string): ts.BuilderProgram | undefined {
    const base = this.#base;
    if (base === undefined || base.uses >= usesLimit) return undefined;
    if (base.earlier.text !== earlierText || mayNeedFiles.test(source)) return undefined;
    const names = this.#connect(base);
    const changed = changedNames(base.names, names);
    const isStale =
      mentionsAny(base.earlier, changed) ||
      this.#sections.some((section) => base.seen.has(section) && section.mentionsAny(changed));
    if (isStale) return undefined;
    base.names = names;
    for (const section of this.#sections) base.seen.add(section);
    base.uses++;
    return this.#exchange(base.builder, source);
  }

  /** The builder's program with another text as its cell. */
  #exchange(builder: ts.BuilderProgram, text: string): ts.BuilderProgram {
    const program = builder.getProgram();
    const options = program.getCompilerOptions();
    const { createSourceFile, ScriptTarget } = this.#typescript;
    // TypeScript keeps what is wrong with a file by the file's name.
    const name = this.#sourcePath.replace(/(?=\.[jt]s$)/, `.${++this.#number}`);
    const file = Object.assign(
      // The parser fills what the public types leave out.
      createSourceFile(name, text, options.target ?? ScriptTarget.ES2022) as ParsedFile,
      { path: name, resolvedPath: name, originalFileName: name },
      { imports: [], moduleAugmentations: [], ambientModuleNames: [] },
    );
    const bind = () => {
      // tslab takes a file that is bound for one whose names are not exported yet.
      if (file.locals === undefined) this.#typescript.bindSourceFile(file, options);
    };
    const find = (path: string) =>
      path === this.#sourcePath || path === name ? file : program.getSourceFile(path);
    const exchanged: Partial<ts.Program> = {
      getSourceFile: find,
      getTypeChecker: () => {
        bind();
        return program.getTypeChecker();
      },
      getSemanticDiagnostics: (wanted, cancellation) => {
        bind();
        const found = program.getSemanticDiagnostics(wanted, cancellation);
        // From here on it goes by the name that tslab knows.
        if (wanted === file) file.fileName = this.#sourcePath;
        return found;
      },
    };
    const own = Object.assign(Object.create(program), exchanged) as ts.Program;
    const methods: Partial<ts.BuilderProgram> = { getSourceFile: find, getProgram: () => own };
    return Object.assign(Object.create(builder), methods) as ts.BuilderProgram;
  }
}

/** tslab asks of what is declared in its file of earlier declarations, and of nothing else. */
function pretendToBeEarlier(file: ParsedFile): void {
  file.locals?.forEach((symbol) => {
    for (const declaration of symbol.declarations ?? []) {
      // The parent is the file that the section is connected to.
      declaration.getSourceFile = () => file.parent as ts.SourceFile;
    }
  });
}

function changedNames(before: Base["names"], after: Base["names"]): readonly string[] {
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const others = [...after].filter(([name, symbol]) => before.get(name) !== symbol);
  const all = [...gone, ...others.map(([name]) => name)];
  return all.map((name) => loadTypeScript().unescapeLeadingUnderscores(name));
}
