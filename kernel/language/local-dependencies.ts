import type { ts } from "./typescript.ts";

/** The local files that are compiled with `file`: itself and what it imports, at any distance. */
export function localDependencies(program: ts.Program, file: ts.SourceFile): string[] {
  const found = new Set<string>();
  const visit = (current: ts.SourceFile): void => {
    if (found.has(current.fileName)) return;
    found.add(current.fileName);
    for (const name of resolvedImports(current)) {
      const imported = program.getSourceFile(name);
      if (imported === undefined || imported.isDeclarationFile) continue;
      if (!program.isSourceFileFromExternalLibrary(imported)) visit(imported);
    }
  };
  visit(file);
  return [...found];
}

function resolvedImports(file: ts.SourceFile): string[] {
  // Not part of the public types: module name → mode → resolution.
  const { resolvedModules } = file as unknown as {
    readonly resolvedModules?: {
      forEach(
        visit: (resolution: { resolvedModule?: ts.ResolvedModule } | undefined) => void,
      ): void;
    };
  };
  const names: string[] = [];
  resolvedModules?.forEach((resolution) => {
    if (resolution?.resolvedModule) names.push(resolution.resolvedModule.resolvedFileName);
  });
  return names;
}
