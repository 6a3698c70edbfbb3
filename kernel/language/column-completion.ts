import { closeSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import type { Completion } from "./language.ts";

type Candidate = Completion["candidates"][number];

/** Names stand at the beginning of a file; those of very wide tables are cut. */
const readBytes = 256 * 1024;

/**
 * Columns of the table in the file `source` whose names begin like the last one typed; `typed` may
 * be a list with commas. Text tables (CSV and its like, JSON, JSON lines) tell their columns.
 */
export function completeColumn(
  folder: string,
  source: string | undefined,
  typed: string,
): readonly Candidate[] {
  if (source === undefined) return [];
  const start = typed.lastIndexOf(",") + 1;
  const given = new Set(typed.slice(0, start).split(","));
  return columnsOf(resolve(folder, source))
    .filter((name) => name.startsWith(typed.slice(start)) && !given.has(name))
    .map((name) => ({ text: quote(typed.slice(0, start) + name), type: "column" }));
}

function quote(word: string): string {
  return /[\s"'\\]/.test(word) ? `"${word.replace(/["\\]/g, "\\$&")}"` : word;
}

function columnsOf(path: string): readonly string[] {
  const kind = /\.(csv|tsv|txt|json|jsonl|ndjson)$/i.exec(path)?.[1]?.toLowerCase();
  if (kind === undefined) return [];
  const text = beginningOf(path).replace(/^\ufeff/, "");
  return kind.includes("json") ? jsonNames(text) : headerNames(text);
}

function beginningOf(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(readBytes);
      return bytes.toString("utf8", 0, readSync(file, bytes, 0, readBytes, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return ""; // No such file, or none that may be read: nothing to offer.
  }
}

/** The first row's names; rows in rows end it early, and then there is nothing to offer. */
function jsonNames(text: string): readonly string[] {
  const [row] = /\{[^{}]*\}/.exec(text) ?? [];
  try {
    return Object.keys(JSON.parse(row ?? "{}") as object); // It has braces.
  } catch {
    return [];
  }
}

function headerNames(text: string): readonly string[] {
  const [line = ""] = text.split(/\r?\n/, 1);
  const bare = line.replace(/"[^"]*"/g, "");
  const count = (mark: string) => bare.split(mark).length;
  const [delimiter = ","] = [",", ";", "\t", "|"].sort((a, b) => count(b) - count(a));
  const names: string[] = [];
  let rest = line;
  while (rest !== "") {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const end = rest.indexOf(delimiter, quoted?.[0].length ?? 0);
    const field = end < 0 ? rest : rest.slice(0, end);
    names.push(quoted === null ? field.trim() : (quoted[1] ?? "").replaceAll('""', '"'));
    rest = end < 0 ? "" : rest.slice(end + 1);
  }
  return names.filter((name) => name !== "");
}
