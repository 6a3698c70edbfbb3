import type { MappedText } from "./common-js.ts";
import { loadTypeScript, type ts } from "./typescript.ts";

/** A text to put in place of another, both by offsets of the module. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What takes more than to say after each statement which of its names are exported. */
const needsMore = /\b(?:import|require)\b|\bexport\s+(?!const tsLastExpr\d* = |\{)/;

/**
 * What `toCommonJs` gives for a module that tslab made of a cell, without its head: the names are
 * exported by a list, and the value of the last expression as a constant. Looking up what every
 * name means takes TypeScript longer than all the rest, and is needed only where an exported name
 * is assigned to later; undefined then, and for modules of other kinds.
 */
export function toCommonJsQuickly({ text, mappings }: MappedText): MappedText | undefined {
  if (needsMore.test(text)) return undefined;
  const typescript = loadTypeScript();
  const file = typescript.createSourceFile("module.js", text, typescript.ScriptTarget.ES2022, true);
  const exported = new Set(file.statements.flatMap(exportedNames));
  const declared = new Set(file.statements.flatMap(declaredNames));
  if ([...exported].some((name) => !declared.has(name)) || assignsTo(exported, file)) {
    return undefined;
  }
  const replacements = file.statements.flatMap((statement) =>
    replacementsFor(statement, file, exported),
  );
  const lines = file.getLineStarts().map((offset) => ({
    added: replacements.filter(({ start, end }) => start === end && start <= offset).length,
    isValue: replacements.some(({ start, text: by }) => start === offset && by === valueBy),
  }));
  return {
    text: replace(text, replacements),
    mappings: mappings.map((mapping) => {
      const { generatedLine, generatedColumn: column } = mapping;
      const { added, isValue } = lines[generatedLine] ?? { added: 0, isValue: false };
      const generatedColumn = isValue ? Math.max(0, column + valueShift) : column;
      return { ...mapping, generatedLine: generatedLine + added, generatedColumn };
    }),
  };
}

const valueBy = "exports.";
const valueShift = valueBy.length - "export const ".length;

function replacementsFor(
  statement: ts.Statement,
  file: ts.SourceFile,
  exported: ReadonlySet<string>,
): readonly Replacement[] {
  const typescript = loadTypeScript();
  const start = statement.getStart(file);
  if (typescript.isExportDeclaration(statement)) {
    return [{ start, end: lineEnd(file.text, statement.end), text: "" }];
  }
  if (typescript.isVariableStatement(statement) && statement.modifiers) {
    return [{ start, end: start + "export const ".length, text: valueBy }];
  }
  const at = lineEnd(file.text, statement.end);
  return declaredNames(statement)
    .filter((name) => exported.has(name))
    .map((name) => ({ start: at, end: at, text: `exports.${name} = ${name};\n` }));
}

function exportedNames(statement: ts.Statement): readonly string[] {
  const typescript = loadTypeScript();
  if (!typescript.isExportDeclaration(statement) || !statement.exportClause) return [];
  return typescript.isNamedExports(statement.exportClause)
    ? statement.exportClause.elements.map(({ name }) => name.text)
    : [];
}

function declaredNames(statement: ts.Statement): readonly string[] {
  const typescript = loadTypeScript();
  if (typescript.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  const isNamed =
    typescript.isFunctionDeclaration(statement) || typescript.isClassDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
}

function boundNames(name: ts.BindingName): readonly string[] {
  const typescript = loadTypeScript();
  if (typescript.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    typescript.isBindingElement(element) ? boundNames(element.name) : [],
  );
}

/** Whether one of the names is assigned to anywhere, be it another variable of that name. */
function assignsTo(names: ReadonlySet<string>, node: ts.Node): boolean {
  const typescript = loadTypeScript();
  const { SyntaxKind } = typescript;
  const mentions = (target: ts.Node): boolean =>
    typescript.isIdentifier(target)
      ? names.has(target.text)
      : (typescript.forEachChild(target, mentions) ?? false);
  const visit = (each: ts.Node): boolean => {
    if (typescript.isBinaryExpression(each)) {
      const { kind } = each.operatorToken;
      const isAssignment = kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
      if (isAssignment && mentions(each.left)) return true;
    }
    const isStep =
      typescript.isPostfixUnaryExpression(each) ||
      (typescript.isPrefixUnaryExpression(each) &&
        (each.operator === SyntaxKind.PlusPlusToken ||
          each.operator === SyntaxKind.MinusMinusToken));
    if (isStep && mentions(each.operand)) return true;
    const isNestedVariable =
      typescript.isVariableDeclarationList(each) &&
      (each.flags & typescript.NodeFlags.BlockScoped) === 0 &&
      !(typescript.isVariableStatement(each.parent) && each.parent.parent === node);
    if (isNestedVariable && each.declarations.some(({ name }) => mentions(name))) return true;
    const isLoop = typescript.isForInStatement(each) || typescript.isForOfStatement(each);
    if (isLoop && mentions(each.initializer)) return true;
    return typescript.forEachChild(each, visit) ?? false;
  };
  return visit(node);
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

function replace(text: string, replacements: readonly Replacement[]): string {
  let result = "";
  let offset = 0;
  for (const { start, end, text: by } of replacements) {
    result += text.slice(offset, start) + by;
    offset = end;
  }
  return result + text.slice(offset);
}
