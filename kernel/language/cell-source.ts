import type { Cell } from "./cell.ts";
import { sourcePrefix } from "./cell-converter.ts";
import { type Edit, EditedText } from "./edits.ts";
import { loadTypeScript, type ts } from "./typescript.ts";

/** A cell's code made ready for the converter. */
export interface CellSource {
  /** From the cell's text to `text` without `suffix`. */
  readonly code: EditedText;
  /** Exports what the cell declares, and hides a value that a closing `;` suppresses. */
  readonly suffix: string;
  /** Every name that the cell declares, types too. */
  readonly names: readonly string[];
  /** Names of variables, functions, classes, enums and imports that the cell declares. */
  readonly declaredNames: readonly string[];
  readonly syntaxErrors: readonly ts.DiagnosticWithLocation[];
  /** Whether running it would do something: it is not empty and not only comments. */
  readonly hasStatements: boolean;
  /** The statements that declare something, by its name. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether it awaits outside of functions; tslab overlooks `for await` and `await (…)()`. */
  readonly hasTopLevelAwait: boolean;
  /** Variables that hold a module: `const name = await import("specifier")`. */
  readonly importedModules: readonly { readonly name: string; readonly specifier: string }[];
  /** The parsed code, `sourcePrefix` in front. */
  readonly file: ts.SourceFile;
}

/** A parsed file with what the public types leave out. */
type ParsedFile = ts.SourceFile & {
  readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  readonly locals?: ReadonlyMap<string, ts.Symbol>;
};

/** Prepares a cell for the converter: `export` is dropped, for everything is kept for later cells. */
export function prepareSource(cell: Cell & { readonly code: EditedText }): CellSource {
  return prepare(readAsObject(cell) ?? cell);
}

function prepare(cell: Cell & { readonly code: EditedText }): CellSource {
  const parsed = parse(cell.code.text);
  const exportEdits = findExportKeywords(parsed).map((edit) => ({
    ...edit,
    start: cell.code.toOriginal(edit.start - sourcePrefix.length),
    end: cell.code.toOriginal(edit.end - sourcePrefix.length),
  }));
  const hasExports = exportEdits.length > 0;
  const code = hasExports ? withEdits(cell, exportEdits) : cell.code;
  const file = hasExports ? parse(code.text) : parsed;
  const typescript = loadTypeScript();
  typescript.bindSourceFile(file, {});
  const { Value, Alias } = typescript.SymbolFlags;
  const locals = [...(file.locals ?? [])].filter(
    ([name]) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== "__global",
  );
  const semicolon = isValueSuppressed(cell, code, file) ? ";" : "";
  const names = locals.map(([name]) => name).join(", ");
  return {
    code,
    suffix: `\n${semicolon}${names === "" ? "" : `export {${names}}`}`,
    names: locals.map(([name]) => name),
    declaredNames: locals
      .filter(([, symbol]) => symbol.flags & (Value | Alias))
      .map(([name]) => name),
    syntaxErrors: file.parseDiagnostics,
    hasStatements: file.statements.length > 1,
    texts: textsOf(file),
    hasTopLevelAwait: awaits(file),
    importedModules: findImportedModules(file),
    file,
  };
}

function textsOf(file: ts.SourceFile): ReadonlyMap<string, string> {
  const typescript = loadTypeScript();
  return new Map(
    file.statements.flatMap((statement) => {
      const text = statement.getText(file);
      if (typescript.isVariableStatement(statement)) {
        return statement.declarationList.declarations.flatMap(({ name }) =>
          typescript.isIdentifier(name) ? [[name.text, text] as const] : [],
        );
      }
      // Declarations have an identifier, other statements have no name.
      const { name } = statement as { readonly name?: ts.Node };
      return name && typescript.isIdentifier(name) ? [[name.text, text] as const] : [];
    }),
  );
}

/** Whether there is an `await` in a node, functions and the members of classes left out. */
function awaits(node: ts.Node): boolean {
  const typescript = loadTypeScript();
  if (typescript.isAwaitExpression(node)) return true;
  if (typescript.isForOfStatement(node) && node.awaitModifier) return true;
  if (typescript.isFunctionLike(node) || typescript.isClassLike(node)) return false;
  return typescript.forEachChild(node, awaits) ?? false;
}

function findImportedModules(file: ts.SourceFile): CellSource["importedModules"] {
  const typescript = loadTypeScript();
  return file.statements
    .filter((statement) => typescript.isVariableStatement(statement))
    .flatMap((statement) => statement.declarationList.declarations)
    .flatMap(({ name, type, initializer }) => {
      if (!typescript.isIdentifier(name) || type || initializer === undefined) return [];
      const specifier = /^await\s+import\(\s*(["'])([^"'\\]+)\1\s*\)$/.exec(
        initializer.getText(file),
      )?.[2];
      return specifier === undefined ? [] : [{ name: name.text, specifier }];
    });
}

/** A cell that is one object literal, which TypeScript would take for a block: put in parentheses. */
function readAsObject(
  cell: Cell & { readonly code: EditedText },
): (Cell & { readonly code: EditedText }) | undefined {
  const { text } = cell;
  if (cell.cellMagic ?? cell.magicLines.length > 0) return undefined;
  if (!/^\s*\{[^]*:[^]*\}\s*$/.test(text)) return undefined;
  const typescript = loadTypeScript();
  const file = parse(`(${text.trim()})`);
  const statement = file.statements[1];
  const isObject =
    file.parseDiagnostics.length === 0 &&
    file.statements.length === 2 &&
    statement !== undefined &&
    typescript.isExpressionStatement(statement) &&
    typescript.isParenthesizedExpression(statement.expression) &&
    typescript.isObjectLiteralExpression(statement.expression.expression);
  if (!isObject) return undefined;
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}") + 1;
  const edits = [
    { start, end: start, text: "(" },
    { start: end, end, text: ")" },
  ];
  return { ...cell, code: new EditedText(text, edits) };
}

function parse(text: string): ParsedFile {
  const typescript = loadTypeScript();
  return typescript.createSourceFile(
    "cell.ts",
    sourcePrefix + text,
    typescript.ScriptTarget.Latest,
    true,
  ) as ParsedFile; // The parser always fills parseDiagnostics.
}

function withEdits(cell: Cell, edits: readonly Edit[]): EditedText {
  const header = cell.cellMagic ? [{ ...cell.cellMagic, text: "" }] : [];
  const all = [...header, ...cell.magicLines.map(({ edit }) => edit), ...edits];
  return new EditedText(
    cell.text,
    all.sort((a, b) => a.start - b.start),
  );
}

/** Edits that blank out `export` and `export default` before a statement, and `export {…};`. */
function findExportKeywords(file: ts.SourceFile): Edit[] {
  const typescript = loadTypeScript();
  const { SyntaxKind } = typescript;
  const blank = (start: number, end: number): Edit => {
    return { start, end, text: file.text.slice(start, end).replace(/[^\r\n]/g, " ") };
  };
  return file.statements.slice(1).flatMap((statement) => {
    if (typescript.isExportAssignment(statement) && !statement.isExportEquals) {
      return [blank(statement.getStart(file), statement.expression.getFullStart())];
    }
    if (typescript.isExportDeclaration(statement)) {
      return statement.moduleSpecifier ? [] : [blank(statement.getStart(file), statement.end)];
    }
    if (!typescript.canHaveModifiers(statement)) return [];
    return (statement.modifiers ?? [])
      .filter(({ kind }) => kind === SyntaxKind.ExportKeyword || kind === SyntaxKind.DefaultKeyword)
      .map((modifier) => blank(modifier.getStart(file), modifier.end));
  });
}

/** Whether the last statement is an expression that ends with `;` in the cell. */
function isValueSuppressed(cell: Cell, code: EditedText, file: ts.SourceFile): boolean {
  const last = file.statements.at(-1);
  if (last === undefined || !loadTypeScript().isExpressionStatement(last)) return false;
  const start = code.toOriginal(last.getStart(file) - sourcePrefix.length);
  const magicLine = cell.magicLines.find((line) => line.start <= start && start < line.end);
  if (magicLine !== undefined) return magicLine.isSuppressed;
  return file.text[last.end - 1] === ";";
}
