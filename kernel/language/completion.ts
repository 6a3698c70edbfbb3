import { type AnalyzedSource, sourcePrefix } from "./cell-converter.ts";
import type { EditedText } from "./edits.ts";
import type { Completion } from "./language.ts";
import { loadTypeScript, type ts } from "./typescript.ts";

/** Up to this many candidates are shown with their types. */
const signatureLimit = 60;
const candidateLimit = 1000;
const never: ts.CancellationToken = {
  isCancellationRequested: () => false,
  throwIfCancellationRequested() {},
};

/** Writing a type takes longer than finding it, and the same ones are asked for at every letter. */
const signatures = new WeakMap<ts.Type, string>();

type Candidate = Completion["candidates"][number];

/** Front ends ask again for what they asked last. */
const answers = new WeakMap<
  AnalyzedSource,
  { readonly key: string; readonly answer: Completion }
>();

/** TypeScript's candidates for what is being typed at an offset of the cell. */
export function completeCode(
  analyzed: AnalyzedSource,
  code: EditedText,
  cursorUtf16: number,
): Completion {
  const key = `${cursorUtf16}\n${code.original}`;
  const last = answers.get(analyzed);
  if (last?.key === key) return last.answer;
  const answer = findCandidates(analyzed, code, cursorUtf16);
  answers.set(analyzed, { key, answer });
  return answer;
}

function findCandidates(
  { program, file }: AnalyzedSource,
  code: EditedText,
  cursorUtf16: number,
): Completion {
  const typescript = loadTypeScript();
  const { ScriptElementKind } = typescript;
  const position = sourcePrefix.length + code.toText(cursorUtf16);
  const information = typescript.Completions.getCompletionsAtPosition(
    {},
    program,
    () => {},
    file,
    position,
    {},
    undefined,
    undefined,
    never,
    undefined,
    true,
  );
  const isText = (information?.entries ?? []).every(
    ({ kind }) => kind === ScriptElementKind.string,
  );
  const { start, end } =
    (isText && textAround(code, information)) || wordAround(code.original, cursorUtf16);
  const typed = code.original.slice(start, cursorUtf16);
  const ranked = (information?.entries ?? []).map((entry) => {
    return { entry, rank: rankOf(entry.name, typed) };
  });
  // Names that only contain what is typed are a second choice.
  const limit = ranked.some(({ rank }) => rank < 2) ? 2 : 3;
  const entries = ranked
    .filter(({ rank, entry }) => rank < limit && (isText || isWritable(entry.name)))
    .sort((a, b) => a.rank - b.rank || compare(a.entry, b.entry))
    .slice(0, candidateLimit);
  const checker = program.getTypeChecker();
  // Members come from one type that is known by now; all the globals would have to be looked at.
  const hasSignatures = information?.isMemberCompletion ?? false;
  const candidates = entries.map(({ entry }, index) =>
    toCandidate(checker, file, entry, hasSignatures && index < signatureLimit),
  );
  return { start, end, candidates };
}

/** The text between quotes that the candidates replace. */
function textAround(
  code: EditedText,
  information: ts.CompletionInfo | undefined,
): { readonly start: number; readonly end: number } | undefined {
  const span = information?.entries[0]?.replacementSpan ?? information?.optionalReplacementSpan;
  if (span === undefined) return undefined;
  const start = span.start - sourcePrefix.length;
  return {
    start: code.toOriginal(start),
    end: code.toOriginal(start + span.length),
  };
}

/** The identifier that the cursor is in or behind. */
export function wordAround(
  text: string,
  cursor: number,
): { readonly start: number; readonly end: number } {
  const before = /[\p{ID_Continue}$#]*$/u.exec(text.slice(0, cursor))?.[0].length ?? 0;
  const after = /^[\p{ID_Continue}$]*/u.exec(text.slice(cursor))?.[0].length ?? 0;
  return { start: cursor - before, end: before > 0 ? cursor + after : cursor };
}

/** 0 where the name begins as typed, 1 where it does but for case, 2 where it contains it, else 3. */
function rankOf(name: string, typed: string): number {
  if (name.startsWith(typed)) return 0;
  const lowerName = name.toLowerCase();
  const lowerTyped = typed.toLowerCase();
  if (lowerName.startsWith(lowerTyped)) return 1;
  return lowerTyped.length > 1 && lowerName.includes(lowerTyped) ? 2 : 3;
}

/** Not the helpers of the kernel, and no names that would need brackets. */
function isWritable(name: string): boolean {
  return (
    !/^__\w+__$/.test(name) && /^#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name)
  );
}

function compare(a: ts.CompletionEntry, b: ts.CompletionEntry): number {
  if (a.sortText !== b.sortText) return a.sortText < b.sortText ? -1 : 1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

function toCandidate(
  checker: ts.TypeChecker,
  file: ts.SourceFile,
  entry: ts.CompletionEntry,
  hasSignature: boolean,
): Candidate {
  const candidate = { text: entry.name, type: jupyterType(entry.kind) };
  const { symbol } = entry as { readonly symbol?: ts.Symbol };
  if (!hasSignature || symbol === undefined) return candidate;
  const { Value, Alias } = loadTypeScript().SymbolFlags;
  if ((symbol.flags & Value) === 0 || symbol.flags & Alias) return candidate;
  const type = checker.getTypeOfSymbolAtLocation(symbol, file);
  const signature = signatures.get(type) ?? checker.typeToString(type);
  signatures.set(type, signature);
  return { ...candidate, signature };
}

/** The kind of a candidate in the words that JupyterLab has icons for. */
function jupyterType(kind: ts.ScriptElementKind): string {
  const { ScriptElementKind: Kind } = loadTypeScript();
  switch (kind) {
    case Kind.memberFunctionElement:
    case Kind.constructSignatureElement:
    case Kind.callSignatureElement:
      return "method";
    case Kind.functionElement:
    case Kind.localFunctionElement:
      return "function";
    case Kind.memberVariableElement:
    case Kind.memberGetAccessorElement:
    case Kind.memberSetAccessorElement:
    case Kind.memberAccessorVariableElement:
      return "property";
    case Kind.classElement:
    case Kind.localClassElement:
      return "class";
    case Kind.interfaceElement:
      return "interface";
    case Kind.typeElement:
    case Kind.primitiveType:
    case Kind.typeParameterElement:
      return "type";
    case Kind.enumElement:
      return "enum";
    case Kind.enumMemberElement:
      return "enum member";
    case Kind.moduleElement:
    case Kind.externalModuleName:
      return "module";
    case Kind.alias:
      return "reference";
    case Kind.constElement:
      return "constant";
    case Kind.string:
      return "value";
    case Kind.keyword:
      return "keyword";
    default:
      return "variable";
  }
}
