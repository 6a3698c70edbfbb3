import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Completion } from "./language.ts";

type Candidate = Completion["candidates"][number];

const importablePattern = /\.(?:[cm]?[jt]sx?|json)$/;
const specifierPattern = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*["']([^"'\n]*)$/;

/** Files and folders whose path begins with what is typed; folders end with `/`. */
export function completePath(folder: string, typed: string): readonly Candidate[] {
  const slash = typed.lastIndexOf("/") + 1;
  const shown = typed.slice(0, slash);
  const name = typed.slice(slash);
  const expanded = shown.startsWith("~/") ? join(homedir(), shown.slice(2)) : shown;
  return entriesOf(resolve(folder, expanded))
    .filter((entry) => entry.name.startsWith(name))
    .filter((entry) => name.startsWith(".") || !entry.name.startsWith("."))
    .map((entry) => ({ text: shown + entry.name + (isFolder(entry) ? "/" : ""), type: "path" }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** What can be imported, when the cursor is in the module's name of an import; else undefined. */
export function completeSpecifier(
  folders: readonly string[],
  code: string,
  cursor: number,
): Completion | undefined {
  const typed = specifierPattern.exec(code.slice(0, cursor))?.[1];
  if (typed === undefined) return undefined;
  const rest = /^[^"'\n]*/.exec(code.slice(cursor))?.[0].length ?? 0;
  const place = { start: cursor - typed.length, end: cursor + rest };
  if (/^\.{0,2}\/|^\.+$/.test(typed)) {
    const candidates = completePath(folders[0] ?? ".", typed).filter(
      ({ text }) => text.endsWith("/") || importablePattern.test(text),
    );
    return { ...place, candidates };
  }
  const names = new Set([
    ...folders.flatMap((folder) => packageNames(folder, typed)),
    ...builtinModules.filter((name) => !name.startsWith("_")).map((name) => `node:${name}`),
    ...builtinModules.filter((name) => !name.startsWith("_") && typed !== ""),
  ]);
  const candidates = [...names]
    .filter((name) => name.startsWith(typed))
    .sort()
    .map((text) => ({ text, type: "module" }));
  return { ...place, candidates };
}

/** Packages that can be imported from a folder and begin like `typed`; subpaths behind a name and `/`. */
function packageNames(folder: string, typed: string): string[] {
  const [, name] = /^((?:@[^/]+\/)?[^@/][^/]*)\//.exec(typed) ?? [];
  const above = folder === dirname(folder) ? [] : packageNames(dirname(folder), typed);
  const modules = join(folder, "node_modules");
  if (name !== undefined) return [...subpathsOf(join(modules, name), name), ...above];
  const names = entriesOf(modules)
    .map((entry) => entry.name)
    .filter((each) => !each.startsWith(".") && each !== "@types");
  const scoped = names
    .filter((each) => each.startsWith("@") && typed.startsWith("@"))
    .flatMap((scope) => entriesOf(join(modules, scope)).map((entry) => `${scope}/${entry.name}`));
  return [...names.filter((each) => !each.startsWith("@")), ...scoped, ...above];
}

function subpathsOf(packageFolder: string, name: string): string[] {
  try {
    const text = readFileSync(join(packageFolder, "package.json"), "utf8");
    const { exports } = JSON.parse(text) as { readonly exports?: unknown };
    if (typeof exports !== "object" || exports === null) return [];
    return Object.keys(exports)
      .filter((key) => key.startsWith("./") && !key.includes("*"))
      .map((key) => name + key.slice(1));
  } catch {
    return []; // No such package, or none that can be read: nothing to offer.
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // No such folder, or none that may be read: nothing to offer.
  }
}

function isFolder(entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return readdirSync(join(entry.parentPath, entry.name)).length >= 0;
  } catch {
    return false; // A link to a file, or to nothing.
  }
}
