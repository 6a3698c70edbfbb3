import { composeMappings, decodeMappings, type Mapping } from "./source-map.ts";
import { loadTypeScript, type TypeScript, type ts } from "./typescript.ts";

const inputName = "module.js";

/** Options that TypeScript's public types leave out. */
interface TranspileOptions extends ts.CompilerOptions {
  readonly allowNonTsExtensions: boolean;
  readonly suppressOutputPathCheck: boolean;
}

/** JavaScript and the mappings from it to the cell or file it was made of. */
export interface MappedText {
  readonly text: string;
  readonly mappings: readonly Mapping[];
}

/** Options of a CommonJS module for the runtime, with the language level of `options`. */
export function commonJsOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  const typescript = loadTypeScript();
  return {
    module: typescript.ModuleKind.CommonJS,
    esModuleInterop: true,
    target: options.target,
    newLine: typescript.NewLineKind.LineFeed,
    noImplicitUseStrict: true,
  };
}

/**
 * JavaScript with `import` and `export` as a CommonJS module. Imports of local TypeScript files
 * become imports of the JavaScript made of them. It is what `transpileModule` gives, without the
 * type check that it does and throws away.
 */
export function toCommonJs(input: MappedText, options: ts.CompilerOptions): MappedText {
  const { text, mappings } = transpile(input.text, options);
  return { text, mappings: composeMappings(mappings, input.mappings) };
}

function transpile(input: string, options: ts.CompilerOptions): MappedText {
  const typescript = loadTypeScript();
  const compilerOptions: TranspileOptions = {
    ...options,
    allowNonTsExtensions: true,
    isolatedModules: true,
    noLib: true,
    noResolve: true,
    skipDefaultLibCheck: true,
    sourceMap: true,
    suppressOutputPathCheck: true,
  };
  const target = compilerOptions.target ?? typescript.ScriptTarget.ES2022;
  const file = typescript.createSourceFile(inputName, input, target);
  // A file that claims to be the standard library is not checked (skipDefaultLibCheck).
  file.hasNoDefaultLib = true;
  const program = typescript.createProgram([inputName], compilerOptions, oneFileHost(file));
  let text = "";
  let map = "";
  program.emit(
    file,
    (name, data) => {
      if (name.endsWith(".map")) map = data;
      else text = data;
    },
    undefined,
    false,
    { before: [(context) => (source) => renameImports(typescript, context, source)] },
  );
  const { mappings } = JSON.parse(map) as { readonly mappings: string };
  return {
    text: text.replace(/\/\/# sourceMappingURL=.*\s*$/, ""),
    mappings: decodeMappings(mappings),
  };
}

function oneFileHost(file: ts.SourceFile): ts.CompilerHost {
  return {
    getSourceFile: (name) => (name === inputName ? file : undefined),
    writeFile() {},
    getDefaultLibFileName: () => "lib.d.ts",
    useCaseSensitiveFileNames: () => true,
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => "",
    getNewLine: () => "\n",
    fileExists: (name) => name === inputName,
    readFile: () => "",
    directoryExists: () => true,
    getDirectories: () => [],
  };
}

function renameImports(
  typescript: TypeScript,
  context: ts.TransformationContext,
  file: ts.SourceFile,
): ts.SourceFile {
  if (!/\.[cm]?tsx?["']/.test(file.text)) return file;
  const visit = (node: ts.Node): ts.Node => {
    const isImport =
      typescript.isImportDeclaration(node) ||
      typescript.isExportDeclaration(node) ||
      (typescript.isCallExpression(node) &&
        node.expression.kind === typescript.SyntaxKind.ImportKeyword);
    return typescript.visitEachChild(node, isImport ? rename : visit, context);
  };
  const rename = (node: ts.Node): ts.Node =>
    typescript.isStringLiteral(node)
      ? context.factory.createStringLiteral(
          node.text.replace(/^(\.{0,2}\/.*)\.([cm]?)tsx?$/, "$1.$2js"),
        )
      : visit(node);
  return typescript.visitEachChild(file, visit, context);
}
