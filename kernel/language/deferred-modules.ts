import { loadTypeScript, type ts } from "./typescript.ts";

/** What TypeScript's binder leaves on a module's node beside its public type. */
interface BoundModule extends ts.ModuleDeclaration {
  body: ts.ModuleBlock;
  symbol: ts.Symbol & { parent?: ts.Symbol };
  locals?: ts.SymbolTable;
}

interface BoundFile extends ts.SourceFile {
  locals?: ts.SymbolTable;
  path: ts.Path;
  resolvedPath: ts.Path;
  originalFileName: string;
  identifiers: Map<string, string>;
  /** What the names that it imports stand for, as the program has found. */
  resolvedModules?: unknown;
}

/**
 * Lets the modules that a file declares be read when somebody first asks what is in them: of all
 * that Node.js declares a notebook uses a little, and a compiler would have to hold all of it.
 *
 * TypeScript finds what a module declares in `exports` of its symbol and `locals` of its node.
 * Until either is looked at, the module has nothing but its imports and what it declares for all
 * files; then the file is parsed once more, and its modules stand in for those that were cut short.
 */
export function deferModules(file: ts.SourceFile, options: ts.CompilerOptions): void {
  const bound = file as BoundFile;
  const modules = new Map(modulesOf(bound).map((module) => [module.name.text, module]));
  // One that is declared twice shares its symbol.
  if (modules.size === 0 || modules.size < file.statements.length) return;
  for (const module of modules.values()) cutShort(module);
  bound.identifiers = new Map();
  const typescript = loadTypeScript();
  typescript.bindSourceFile(file, options);
  let isRead = false;
  const read = () => {
    if (isRead) return;
    isRead = true;
    const whole = typescript.createSourceFile(file.fileName, file.text, {
      languageVersion: file.languageVersion,
      ...(file.impliedNodeFormat === undefined
        ? {}
        : { impliedNodeFormat: file.impliedNodeFormat }),
    }) as BoundFile;
    const { path, resolvedPath, originalFileName } = bound;
    Object.assign(whole, { path, resolvedPath, originalFileName });
    Object.defineProperty(whole, "resolvedModules", { get: () => bound.resolvedModules });
    typescript.bindSourceFile(whole, options);
    for (const source of modulesOf(whole)) complete(modules.get(source.name.text), source);
  };
  for (const module of modules.values()) {
    defer(module.symbol, "exports", read);
    defer(module, "locals", read);
  }
}

function modulesOf(file: BoundFile): BoundModule[] {
  const typescript = loadTypeScript();
  return file.statements.filter(
    (statement): statement is BoundModule =>
      typescript.isModuleDeclaration(statement) &&
      typescript.isStringLiteral(statement.name) &&
      statement.body !== undefined &&
      typescript.isModuleBlock(statement.body),
  );
}

/** Leaves a module what the program must know of: its imports, and what it declares for all files. */
function cutShort({ body }: BoundModule): void {
  const typescript = loadTypeScript();
  const kept = body.statements.filter(
    (statement) =>
      typescript.isImportDeclaration(statement) || typescript.isGlobalScopeAugmentation(statement),
  );
  const { pos, end, hasTrailingComma } = body.statements;
  const statements = typescript.factory.createNodeArray(kept, hasTrailingComma);
  Object.assign(body, { statements: typescript.setTextRange(statements, { pos, end }) });
}

/** Calls `read` before a property is looked at for the first time. */
function defer(target: object, name: string, read: () => void): void {
  let value: unknown = Reflect.get(target, name);
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get() {
      read();
      return value;
    },
    set(given: unknown) {
      value = given;
    },
  });
}

/** Gives a module that was cut short what the whole one declares. */
function complete(module: BoundModule | undefined, whole: BoundModule): void {
  if (module === undefined) return;
  const { symbol } = module;
  const { exports } = whole.symbol;
  for (const exported of exports?.values() ?? []) {
    (exported as { parent?: ts.Symbol }).parent = symbol;
  }
  settle(symbol, "exports", exports);
  settle(module, "locals", whole.locals);
  whole.symbol = symbol;
}

function settle(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    writable: true,
    value,
  });
}
