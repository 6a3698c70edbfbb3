import { type SourceMap, SourceMap as SourceMapClass, type SourceMapPayload } from "node:module";
import type { CompiledCell } from "../language/language.ts";
import { wrapperColumns } from "./tslab-executor.ts";

/** A place in a cell's own text; line and column from 1. */
export interface CellPlace {
  readonly line: number;
  readonly column: number;
}

/** Finds places of a cell's own text from places in what ran. */
export class SourceFrames {
  readonly name: string;
  readonly label: string;
  readonly lines: readonly string[];
  readonly #compiled: CompiledCell;
  readonly #outputLines: number;
  #map: SourceMap | undefined;

  constructor(cell: { name: string; label: string; source: string; compiled: CompiledCell }) {
    this.name = cell.name;
    this.label = cell.label;
    this.lines = cell.source.split("\n");
    this.#compiled = cell.compiled;
    this.#outputLines = (cell.compiled.output ?? "").split("\n").length;
  }

  /** Line and column as a stack frame tells them, from 1. */
  place(line: number, column: number): CellPlace | undefined {
    // Below the cell is what calls it.
    if (line > this.#outputLines) return undefined;
    const column0 = column - 1 - (line === 1 ? wrapperColumns(this.#compiled) : 0);
    const json = this.#compiled.sourceMap;
    if (json === undefined) return this.#within({ line, column: Math.max(0, column0) + 1 });
    this.#map ??= new SourceMapClass(JSON.parse(json) as SourceMapPayload);
    const entry = this.#map.findEntry(line - 1, Math.max(0, column0));
    if (!("originalLine" in entry)) return undefined;
    return this.#within({ line: entry.originalLine + 1, column: entry.originalColumn + 1 });
  }

  #within(place: CellPlace): CellPlace | undefined {
    return place.line <= this.lines.length ? place : undefined;
  }
}

const known = new Map<string, SourceFrames>();
const kept = 500;

/** Remembers a cell's text so that stack frames of functions it defined can be shown later. */
export function rememberFrames(frames: SourceFrames): void {
  known.set(frames.name, frames);
  const oldest = known.keys().next().value;
  if (known.size > kept && oldest !== undefined) known.delete(oldest);
}

export function framesOf(name: string): SourceFrames | undefined {
  return known.get(name);
}
