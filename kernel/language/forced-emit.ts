import type { ts } from "./typescript.ts";

/** `NodeBuilderFlags.AllowNodeModulesRelativePaths`, missing from the public types. */
const allowRelativePackagePaths = 1 << 26;

/** The type-writing functions of a checker, of which only the place of the flags matters here. */
type WriteType = (first: unknown, enclosing: unknown, flags: number, ...rest: unknown[]) => unknown;

interface EmitResolver {
  createTypeOfDeclaration: WriteType;
  createReturnTypeOfSignatureDeclaration: WriteType;
  createTypeOfExpression: WriteType;
}

/** What the public types of TypeScript leave out. */
type Program = Omit<ts.Program, "emit" | "getTypeChecker"> & {
  getTypeChecker(): { getEmitResolver(file: ts.SourceFile | undefined): EmitResolver };
  emit(...parameters: [...Parameters<ts.Program["emit"]>, isForced: boolean]): ts.EmitResult;
};

const relaxed = new WeakSet<EmitResolver>();

/**
 * Emits as `program.emit` does, and writes the declarations whatever TypeScript says against them:
 * for later cells of the same notebook it does not matter whether a type can be named elsewhere.
 */
export function emitForced(
  program: ts.Program,
  ...parameters: Parameters<ts.Program["emit"]>
): ts.EmitResult {
  const internal = program as unknown as Program;
  const resolver = internal.getTypeChecker().getEmitResolver(parameters[0]);
  if (!relaxed.has(resolver)) {
    relaxed.add(resolver);
    relax(resolver, "createTypeOfDeclaration");
    relax(resolver, "createReturnTypeOfSignatureDeclaration");
    relax(resolver, "createTypeOfExpression");
  }
  const [file, write, cancellation, isDeclarationsOnly, transformers] = parameters;
  // The parser reads a file with a top-level await twice, and links the result to the first reading,
  // which has neither path nor imports; writing a type's path from there fails.
  if (file !== undefined) (file as { original?: ts.Node | undefined }).original = undefined;
  return internal.emit(file, write, cancellation, isDeclarationsOnly, transformers, true);
}

/** Types of packages outside of the notebook's folder are written with their path. */
function relax(resolver: EmitResolver, name: keyof EmitResolver): void {
  const write = resolver[name];
  resolver[name] = (first, enclosing, flags, ...rest) =>
    write(first, enclosing, flags | allowRelativePackagePaths, ...rest);
}
