import type { VariableDefinition } from "../extension.ts";
import { joinSections, readSection, splitSections } from "./sections.ts";
import { loadTypeScript, type ts } from "./typescript.ts";

/** What a name can stand for; a class is both. */
interface Meaning {
  isValue: boolean;
  isType: boolean;
}

/** The declarations of earlier cells, with the variables declared anew. */
export function declareVariables(
  declarations: string,
  variables: readonly VariableDefinition[],
): string {
  if (variables.length === 0) return declarations;
  const names = new Set(variables.map(({ name }) => name));
  const latest = new Map(variables.map((variable) => [variable.name, variable]));
  const added = [...latest.values()].map((variable) => {
    const { name, type, declarations: own = "" } = variable;
    const isSound = isType(type) && (own === "" || isNamespace(own, name));
    return isSound ? `${own}\ndeclare let ${name}: ${type};\n` : `declare let ${name}: any;\n`;
  });
  return joinSections([...splitSections(withoutNames(declarations, names)), added.join("")]);
}

/**
 * What is declared after a cell that declares `added`: its names replace earlier ones, types only
 * types and values only values, as TypeScript lets one name be both.
 */
export function addDeclarations(earlier: string, added: string): string {
  const replaced = meaningsIn(added);
  const names = new Set(replaced.keys());
  const untyped: string[] = [];
  let hasOther = false;
  /** A statement about a name of the cell, in the meaning that the cell leaves free. */
  const isOther: Keeps = (name, statement) => {
    const now = replaced.get(name);
    const was = meaningOf(statement);
    return now !== undefined && !(was.isValue && now.isValue) && !(was.isType && now.isType);
  };
  const kept = filterStatements(earlier, names, (name, statement) => {
    const now = replaced.get(name);
    if (now === undefined) return true;
    // A class whose name is another type now: what it was as a value cannot be said any more.
    const isUntyped = !now.isValue && meaningOf(statement).isType && meaningOf(statement).isValue;
    if (isUntyped) untyped.push(`declare let ${name}: any;\n`);
    hasOther ||= isOther(name, statement);
    return false;
  });
  // What TypeScript is to take for one name has to be in one section.
  const others = hasOther ? splitSections(filterStatements(earlier, undefined, isOther)) : [];
  return joinSections([...splitSections(kept), [added, ...others, ...untyped].join("")]);
}

function meaningsIn(declarations: string): ReadonlyMap<string, Meaning> {
  const meanings = new Map<string, Meaning>();
  filterStatements(declarations, undefined, (name, statement) => {
    const { isValue, isType } = meaningOf(statement);
    const known = meanings.get(name) ?? { isValue: false, isType: false };
    meanings.set(name, { isValue: known.isValue || isValue, isType: known.isType || isType });
    return true;
  });
  return meanings;
}

function meaningOf(statement: ts.Statement): Meaning {
  const typescript = loadTypeScript();
  return {
    isValue: !(
      typescript.isInterfaceDeclaration(statement) || typescript.isTypeAliasDeclaration(statement)
    ),
    isType: !(
      typescript.isVariableStatement(statement) ||
      typescript.isFunctionDeclaration(statement) ||
      typescript.isModuleDeclaration(statement)
    ),
  };
}

/**
 * The declarations with modules named instead of written out: a CommonJS module in a variable
 * (`await import("fs")`) would else be declared by all its members.
 */
export function nameModules(
  declarations: string,
  modules: readonly { readonly name: string; readonly specifier: string }[],
): string {
  const written = modules.filter(({ name }) =>
    new RegExp(`^declare (?:const|let|var) ${name.replaceAll("$", "\\$")}: \\{$`, "m").test(
      declarations,
    ),
  );
  const variables = written.map(({ name, specifier }) => {
    const type = `typeof import(${JSON.stringify(specifier)})`;
    return { name, type: `${type} & { default: ${type} }` };
  });
  return declareVariables(declarations, variables);
}

/** Names of the variables, functions and classes that are declared, in order. */
export function declaredVariables(declarations: string): readonly string[] {
  const typescript = loadTypeScript();
  return statementsOf(declarations).flatMap((statement) => {
    if (typescript.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) =>
        typescript.isIdentifier(name) ? [name.text] : [],
      );
    }
    return (typescript.isFunctionDeclaration(statement) ||
      typescript.isClassDeclaration(statement)) &&
      statement.name
      ? [statement.name.text]
      : [];
  });
}

/** The declarations with what `earlier` says of some names in place of what they say. */
export function restoreNames(
  declarations: string,
  earlier: string,
  names: readonly string[],
): string {
  if (names.length === 0) return declarations;
  const restored = new Set(names);
  const own = filterStatements(earlier, undefined, (name) => restored.has(name));
  return joinSections([...splitSections(withoutNames(declarations, restored)), own]);
}

/** The declarations without what they say of some names. */
export function withoutNames(declarations: string, names: ReadonlySet<string>): string {
  return filterStatements(declarations, names, (name) => !names.has(name));
}

type Keeps = (name: string, statement: ts.Statement) => boolean;

/**
 * What has no name is asked for as "". Where it is only about some names, sections that do not
 * speak of them need not be read.
 */
function filterStatements(
  declarations: string,
  names: ReadonlySet<string> | undefined,
  keeps: Keeps,
): string {
  const sections = splitSections(declarations).map((section) =>
    names !== undefined && !readSection(section).mentionsAny(names)
      ? section
      : filterSection(section, keeps),
  );
  return joinSections(sections);
}

/** A section that keeps everything stays the same to the last character. */
function filterSection(section: string, keepsName: Keeps): string {
  const typescript = loadTypeScript();
  const { file } = readSection(section);
  let keeps: (name: string) => boolean = () => true;
  let isWhole = true;
  let text = "";
  for (const statement of file.statements.slice(1)) {
    keeps = (name) => {
      const isKept = keepsName(name, statement);
      isWhole &&= isKept;
      return isKept;
    };
    const kept = keptText(file, statement);
    if (kept !== "") text += `${kept}\n`;
  }
  return isWhole ? section : text;

  function keptText(source: ts.SourceFile, statement: ts.Statement): string {
    if (typescript.isVariableStatement(statement)) {
      const list = statement.declarationList;
      const kept = list.declarations.filter((each) => keeps(each.name.getText(source)));
      if (kept.length === list.declarations.length) return statement.getFullText(source).trim();
      const head = source.text.slice(
        statement.getStart(source),
        list.declarations[0]?.getStart(source),
      );
      return kept.length === 0
        ? ""
        : `${head}${kept.map((each) => each.getText(source)).join(", ")};`;
    }
    if (typescript.isImportDeclaration(statement)) return keptImport(source, statement);
    // What is left has one name: functions, classes, interfaces, types, enums, namespaces.
    const { name } = statement as { readonly name?: ts.Node };
    return !keeps(name?.getText(source) ?? "") ? "" : statement.getFullText(source).trim();
  }

  function keptImport(source: ts.SourceFile, statement: ts.ImportDeclaration): string {
    const clause = statement.importClause;
    if (clause === undefined) return keeps("") ? statement.getText(source) : "";
    const bindings = clause.namedBindings;
    const parts: string[] = [];
    if (clause.name && keeps(clause.name.text)) parts.push(clause.name.text);
    if (bindings && typescript.isNamespaceImport(bindings)) {
      if (keeps(bindings.name.text)) parts.push(bindings.getText(source));
    } else if (bindings) {
      const kept = bindings.elements.filter(({ name }) => keeps(name.text));
      const texts = kept.map((element) => element.getText(source));
      if (texts.length > 0) parts.push(`{ ${texts.join(", ")} }`);
    }
    const keyword = clause.isTypeOnly ? "import type" : "import";
    return parts.length === 0
      ? ""
      : `${keyword} ${parts.join(", ")} from ${statement.moduleSpecifier.getText(source)};`;
  }
}

/** Whether a text is one type, so that it cannot break the declarations of other names. */
function isType(text: string): boolean {
  const statement = onlyStatement(`type T = ${text};`);
  return statement !== undefined && loadTypeScript().isTypeAliasDeclaration(statement);
}

function isNamespace(text: string, name: string): boolean {
  const statement = onlyStatement(text);
  return (
    statement !== undefined &&
    loadTypeScript().isModuleDeclaration(statement) &&
    statement.name.text === name
  );
}

/** The statement of a text that is one whole statement and nothing else. */
function onlyStatement(text: string): ts.Statement | undefined {
  const file = parse(text);
  const { parseDiagnostics } = file as unknown as { readonly parseDiagnostics: readonly unknown[] };
  return parseDiagnostics.length === 0 && file.statements.length === 1
    ? file.statements[0]
    : undefined;
}

function statementsOf(declarations: string): readonly ts.Statement[] {
  return splitSections(declarations).flatMap((text) => readSection(text).file.statements.slice(1));
}

function parse(text: string): ts.SourceFile {
  const typescript = loadTypeScript();
  return typescript.createSourceFile("declarations.d.ts", text, typescript.ScriptTarget.Latest);
}
