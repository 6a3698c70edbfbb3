import { loadTypeScript, type ts } from "./typescript.ts";

/** Ends a section; no declaration can hold it. */
const mark = "//\u0001\n";
/** From here on small sections are put together. */
const sectionLimit = 32;
const cachedLimit = 1_000;

/** Declarations of one or more cells, as a file that other cells can see. */
export interface Section {
  readonly text: string;
  readonly file: ParsedFile;
  /** Whether one of the names is anywhere in it, be it as a property's. */
  mentionsAny(names: Iterable<string>): boolean;
}

/** A parsed file with what the public types leave out. */
export interface ParsedFile extends ts.SourceFile {
  /** Every identifier's text. */
  readonly identifiers: ReadonlyMap<string, string>;
  /** What it declares; from when it is bound. */
  locals?: ts.SymbolTable;
  /** Where names are looked for that it does not declare, before the global ones. */
  parent: ts.Node;
}

const cache = new Map<string, Section>();

/**
 * The sections of the declarations of earlier cells. Each is a text of its own, so that a cell
 * changes as little as possible of what the compiler knows.
 */
export function splitSections(declarations: string): readonly string[] {
  return declarations.split(mark).filter((text) => text.trim() !== "");
}

/** The declarations of some sections; the last ones are put together where there are many. */
export function joinSections(sections: readonly string[]): string {
  const kept = sections.filter((text) => text.trim() !== "");
  let last = "";
  if (kept.length > sectionLimit) {
    while (kept.length > sectionLimit / 2 || last.length >= (kept.at(-1) ?? last).length) {
      const section = kept.pop();
      if (section === undefined) break;
      last = withLineEnd(section) + last;
    }
  }
  return [...kept, last]
    .filter((text) => text !== "")
    .map((text) => withLineEnd(text) + mark)
    .join("");
}

/** The file of a section; the same one for the same text, for as long as it is in use. */
export function readSection(text: string): Section {
  const known = cache.get(text);
  if (known !== undefined) return known;
  if (cache.size >= cachedLimit) cache.clear();
  const typescript = loadTypeScript();
  const file = typescript.createSourceFile(
    "__section__.d.ts",
    `export {};\n${text}`,
    typescript.ScriptTarget.Latest,
  ) as ParsedFile; // The parser fills what the public types leave out.
  const section: Section = {
    text,
    file,
    mentionsAny: (names) => mentionsAny(file, names),
  };
  cache.set(text, section);
  return section;
}

/** Whether one of the names is anywhere in a file. */
export function mentionsAny(file: ParsedFile, names: Iterable<string>): boolean {
  for (const name of names) if (file.identifiers.has(name)) return true;
  return false;
}

function withLineEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
