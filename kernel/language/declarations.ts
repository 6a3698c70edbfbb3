import type { VariableDefinition } from "../extension.ts";
import { loadTypeScript, type ts } from "./typescript.ts";

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
  return withoutNames(declarations, names) + added.join("");
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

/** The declarations with the earlier namespaces, which tslab forgets, unless their names are taken. */
export function keepNamespaces(
  declarations: string,
  earlier: string,
  taken: readonly string[],
): string {
  if (!earlier.includes("namespace ")) return declarations;
  const typescript = loadTypeScript();
  const file = parse(earlier);
  const names = new Set([...taken, ...declaredNamespaces(declarations)]);
  const kept = file.statements.filter(
    (statement) =>
      typescript.isModuleDeclaration(statement) &&
      typescript.isIdentifier(statement.name) &&
      !names.has(statement.name.text),
  );
  return declarations + kept.map((statement) => `${statement.getText(file)}\n`).join("");
}

function declaredNamespaces(declarations: string): readonly string[] {
  const typescript = loadTypeScript();
  return parse(declarations).statements.flatMap((statement) =>
    typescript.isModuleDeclaration(statement) ? [statement.name.text] : [],
  );
}

/** Names of the variables, functions and classes that are declared, in order. */
export function declaredVariables(declarations: string): readonly string[] {
  const typescript = loadTypeScript();
  return parse(declarations).statements.flatMap((statement) => {
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
  return withoutNames(declarations, restored) + filterNames(earlier, (name) => restored.has(name));
}

/** The declarations without what they say of some names. */
export function withoutNames(declarations: string, names: ReadonlySet<string>): string {
  return filterNames(declarations, (name) => !names.has(name));
}

/** What has no name is asked for as "". */
function filterNames(declarations: string, keeps: (name: string) => boolean): string {
  const typescript = loadTypeScript();
  const file = parse(declarations);
  let text = "";
  for (const statement of file.statements) {
    const kept = keptText(file, statement);
    if (kept !== "") text += `${kept}\n`;
  }
  return text;

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

function parse(text: string): ts.SourceFile {
  const typescript = loadTypeScript();
  return typescript.createSourceFile("declarations.d.ts", text, typescript.ScriptTarget.Latest);
}
