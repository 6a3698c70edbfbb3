import { loadTypeScript, type ts } from "./typescript.ts";

/** A file that is a module, or one that is declared in a file, with what TypeScript's binder adds. */
type BoundModule = (ts.SourceFile | ts.ModuleDeclaration) & {
  symbol: ts.Symbol & { parent?: ts.Symbol };
  locals?: ts.SymbolTable;
};

interface BoundFile extends ts.SourceFile {
  path: ts.Path;
  resolvedPath: ts.Path;
  originalFileName: string;
  identifiers: Map<string, string>;
  /** What the names that it imports stand for, as the program has found. */
  resolvedModules?: unknown;
}

const nodeTypes = /\/node_modules\/(?:@types\/node|undici-types)\//;

/** Whether a file belongs to the declarations of Node.js, which are many and of which few are used. */
export function declaresNode(path: string): boolean {
  return nodeTypes.test(path);
}

/**
 * Lets the modules of a file be read when somebody first asks what is in them: of all that Node.js
 * declares a notebook uses a little, and a compiler would have to hold all of it.
 *
 * TypeScript finds what a module declares in `exports` of its symbol and `locals` of its node.
 * Until either is looked at, the module has nothing but its imports and what it declares for all
 * files; then the file is parsed once more, and its modules stand in for those that were cut short.
 */
export function deferModules(file: ts.SourceFile, options: ts.CompilerOptions): void {
  const bound = file as BoundFile;
  const modules = modulesOf(file);
  if (modules === undefined) return;
  for (const module of modules.values()) cutShort(bodyOf(module));
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
    for (const [name, source] of modulesOf(whole) ?? []) complete(modules.get(name), source);
  };
  for (const module of modules.values()) {
    defer(module.symbol, "exports", read);
    // Of a file TypeScript asks for them only to see whether it is bound.
    if (module !== file) defer(module, "locals", read);
  }
}

/** The modules of a file by name; undefined where it has anything beside them. */
function modulesOf(file: ts.SourceFile): Map<string, BoundModule> | undefined {
  const typescript = loadTypeScript();
  if (typescript.isExternalModule(file)) {
    // What it declares for all files may speak of names that only it has.
    const isClosed = !file.statements.some(typescript.isGlobalScopeAugmentation);
    return isClosed ? new Map([["", file as BoundModule]]) : undefined;
  }
  const modules = new Map<string, BoundModule>();
  for (const statement of file.statements) {
    const isModule =
      typescript.isModuleDeclaration(statement) && typescript.isStringLiteral(statement.name);
    // One that is declared twice shares its symbol.
    if (!isModule || modules.has(statement.name.text)) return undefined;
    modules.set(statement.name.text, statement as BoundModule);
  }
  return modules;
}

function bodyOf(module: BoundModule): ts.SourceFile | ts.ModuleBlock | undefined {
  const typescript = loadTypeScript();
  if (typescript.isSourceFile(module)) return module;
  return module.body !== undefined && typescript.isModuleBlock(module.body)
    ? module.body
    : undefined;
}

/** Leaves a module what the program must know of: other files, and what it declares for all of them. */
function cutShort(body: ts.SourceFile | ts.ModuleBlock | undefined): void {
  if (body === undefined) return;
  const typescript = loadTypeScript();
  const kept = body.statements.filter(
    (statement) =>
      typescript.isImportDeclaration(statement) ||
      typescript.isImportEqualsDeclaration(statement) ||
      typescript.isExportDeclaration(statement) ||
      typescript.isGlobalScopeAugmentation(statement),
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
