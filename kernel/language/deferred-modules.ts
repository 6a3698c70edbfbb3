import { existsSync } from "node:fs";
import { noteRead, noteUnread } from "./read-ahead.ts";
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
  if (importsFilesWithin(file)) return;
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
    noteRead(file.fileName, read);
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
  noteUnread(file.fileName, read);
  for (const module of modules.values()) {
    defer(module.symbol, "exports", read);
    // Of a file TypeScript asks for them only to see whether it is bound.
    if (module !== file) defer(module, "locals", read);
  }
}

/** The modules of a file by name; undefined where it has anything else that others need of it. */
function modulesOf(file: ts.SourceFile): Map<string, BoundModule> | undefined {
  const typescript = loadTypeScript();
  if (typescript.isExternalModule(file)) {
    // What it declares for others may speak of names that only it has.
    const isClosed = !file.statements.some(isForOthers);
    return isClosed ? new Map([["", file as BoundModule]]) : undefined;
  }
  const modules = new Map<string, BoundModule>();
  for (const statement of file.statements) {
    const isModule =
      typescript.isModuleDeclaration(statement) && typescript.isStringLiteral(statement.name);
    // One that is declared twice shares its symbol.
    if (!isModule || modules.has(statement.name.text) || givesAway(statement)) return undefined;
    modules.set(statement.name.text, statement as BoundModule);
  }
  return modules;
}

/**
 * Whether types in a file speak of other files as `import("…")`, which the program has to see.
 * Modules that Node's declarations declare are no files of their own.
 */
function importsFilesWithin({ fileName, text }: ts.SourceFile): boolean {
  const folder = /^.*\/@types\/node\//.exec(fileName)?.[0];
  return [...text.matchAll(/\bimport\(\s*["']([^"']+)["']/g)].some(([, name = ""]) => {
    const isDeclared = folder !== undefined && existsSync(`${folder}${name}.d.ts`);
    return !name.startsWith("node:") && !isDeclared;
  });
}

function bodyOf(module: BoundModule): ts.SourceFile | ts.ModuleBlock | undefined {
  const typescript = loadTypeScript();
  if (typescript.isSourceFile(module)) return module;
  return module.body !== undefined && typescript.isModuleBlock(module.body)
    ? module.body
    : undefined;
}

/** Takes from a module the declarations of its own; leaves what the program must know of. */
function cutShort(body: ts.SourceFile | ts.ModuleBlock | undefined): void {
  if (body === undefined) return;
  const typescript = loadTypeScript();
  const kept = body.statements.filter((statement) => !isOwn(statement));
  const { pos, end, hasTrailingComma } = body.statements;
  const statements = typescript.factory.createNodeArray(kept, hasTrailingComma);
  Object.assign(body, { statements: typescript.setTextRange(statements, { pos, end }) });
}

/** A declaration for all files, or one that adds to another module. */
function isForOthers(statement: ts.Statement): boolean {
  const typescript = loadTypeScript();
  return (
    typescript.isModuleDeclaration(statement) &&
    (typescript.isStringLiteral(statement.name) || typescript.isGlobalScopeAugmentation(statement))
  );
}

/** Whether a module exports names of its own in what it declares for all files; what they are, the binder has to see. */
function givesAway({ body }: ts.ModuleDeclaration): boolean {
  const typescript = loadTypeScript();
  const hasExports = (node: ts.Node): boolean =>
    typescript.isExportDeclaration(node) || (typescript.forEachChild(node, hasExports) ?? false);
  if (body === undefined || !typescript.isModuleBlock(body)) return false;
  return body.statements.filter(isForOthers).some(hasExports);
}

/** A declaration that only who looks into the module can see. */
function isOwn(statement: ts.Statement): boolean {
  const typescript = loadTypeScript();
  return (
    typescript.isInterfaceDeclaration(statement) ||
    typescript.isTypeAliasDeclaration(statement) ||
    typescript.isClassDeclaration(statement) ||
    typescript.isFunctionDeclaration(statement) ||
    typescript.isVariableStatement(statement) ||
    typescript.isEnumDeclaration(statement) ||
    (typescript.isModuleDeclaration(statement) && !isForOthers(statement))
  );
}

/** Calls `read`, which may set it, before a property is looked at for the first time. */
function defer(target: object, name: "exports" | "locals", read: () => void): void {
  let value: unknown = Reflect.get(target, name);
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get() {
      read();
      Object.defineProperty(target, name, { enumerable: true, writable: true, value });
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
  Object.assign(symbol, { exports });
  Object.assign(module, { locals: whole.locals });
  whole.symbol = symbol;
}
