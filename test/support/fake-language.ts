import type { Conversion, Language } from "../../kernel/language/language.ts";

/** A language whose cells are commands of the fake runtime; `typo` does not compile. */
export function fakeLanguage(): Language {
  let magics: readonly string[] = [];
  return {
    prepare() {},
    readAhead: () => false,
    unknownMagics: (code) =>
      [...code.matchAll(/^%(\w+)/gm)]
        .map(([, name = ""]) => name)
        .filter((n) => !magics.includes(n)),
    setMagics(descriptions) {
      magics = descriptions.map(({ name }) => name);
    },
    convert,
    commit: (declarations) => declarations,
    define: () => "",
    reset() {},
    complete: (code, cursorUtf16) => ({
      start: cursorUtf16 - 1,
      end: cursorUtf16,
      candidates: [{ text: code.slice(0, cursorUtf16), type: "text", signature: "(text)" }],
    }),
    inspect: (code) => (code === "known" ? { data: { "text/plain": "about known" } } : undefined),
    isComplete: (code) =>
      code.endsWith("{") ? { status: "incomplete", indent: "  " } : { status: "complete" },
    help: (code) =>
      code.endsWith("?")
        ? { inspection: { data: { "text/plain": `about ${code}` } }, name: code.slice(0, -1) }
        : undefined,
    setFolder() {},
    close() {},
  };
}

function convert(code: string): Conversion {
  const at = code.indexOf("typo");
  if (at >= 0) {
    const start = { line: 0, column: at };
    const end = { line: 0, column: at + 4 };
    const message = "Cannot find name 'typo'.";
    return { kind: "failed", diagnostics: [{ code: 2304, message, start, end }] };
  }
  return {
    kind: "compiled",
    cell: {
      output: code,
      hasTopLevelAwait: false,
      lastExpressionVariable: undefined,
      sideOutputs: [],
      sourceMap: undefined,
      cellMagic: undefined,
    },
    declarations: "",
    declaredNames: [],
  };
}
