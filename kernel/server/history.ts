import { appendFile, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject } from "../protocol/json.ts";
import type { HistoryQuery } from "../protocol/request.ts";
import type { PastCell, PastCellsQuery } from "../runtime/runtime.ts";
import { globPattern } from "./glob-pattern.ts";

export interface HistoryEntry {
  readonly session: number;
  /** Execution count of the cell. */
  readonly line: number;
  readonly source: string;
  readonly output: string | undefined;
}

/** Sessions whose cells are kept; older ones are forgotten when a new one begins. */
const keptSessions = 500;
/** UTF-16 units of an output that are kept. */
const keptOutput = 2_000;

/**
 * The cells of this user's sessions, kept across restarts: one file per session, which only its
 * own kernel writes, so that kernels side by side do not disturb each other.
 */
export class History {
  readonly #folder: string;
  #file: Promise<{ session: number; path: string }> | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** Nothing is read or made before it is needed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  addInput(line: number, source: string): void {
    this.#append({ line, source });
  }

  addOutput(line: number, output: string): void {
    this.#append({ line, output: output.slice(0, keptOutput) });
  }

  /** Entries in the order they ran; what was added before the call is in. */
  async find(query: HistoryQuery): Promise<HistoryEntry[]> {
    await this.#writing;
    switch (query.access) {
      case "tail":
        return this.#newest(query.n, () => true);
      case "search": {
        const pattern = globPattern(query.pattern);
        const matches = ({ source }: HistoryEntry) => pattern.test(source);
        const found = await this.#newest(query.isUnique ? Infinity : query.n, matches);
        return query.isUnique ? latestOfEach(found).slice(-(query.n ?? found.length)) : found;
      }
      case "range":
        return this.#range(query);
    }
  }

  /** What `%history` shows. */
  async pastCells({ isOfAllSessions, part, number }: PastCellsQuery): Promise<PastCell[]> {
    await this.#writing;
    const matches = ({ source }: HistoryEntry) => source.includes(part);
    const own = (await this.#file)?.session;
    const entries = isOfAllSessions
      ? await this.#newest(number, matches)
      : own === undefined
        ? []
        : (await this.#read(own)).filter(matches).slice(-(number ?? Number.POSITIVE_INFINITY));
    return entries.map(({ session, line, source }) => ({ session, executionCount: line, source }));
  }

  /** Resolves when everything added is on disk. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #range(query: Extract<HistoryQuery, { access: "range" }>): Promise<HistoryEntry[]> {
    const current = (await this.#file)?.session ?? (await this.#sessions()).at(-1) ?? 0;
    const session = query.session > 0 ? query.session : current + query.session;
    const entries = await this.#read(session);
    const end = query.stop ?? Number.POSITIVE_INFINITY;
    return entries.filter(({ line }) => line >= query.start && line < end);
  }

  async #newest(
    n: number | undefined,
    matches: (entry: HistoryEntry) => boolean,
  ): Promise<HistoryEntry[]> {
    const wanted = n ?? Number.POSITIVE_INFINITY;
    let found: HistoryEntry[] = [];
    for (const session of (await this.#sessions()).reverse()) {
      if (found.length >= wanted) break;
      found = [...(await this.#read(session)).filter(matches), ...found];
    }
    return wanted <= 0 ? [] : found.slice(-wanted);
  }

  #append(fields: Readonly<Record<string, unknown>>): void {
    this.#writing = this.#writing
      .then(async () => {
        this.#file ??= this.#begin();
        const { path } = await this.#file;
        await appendFile(path, `${JSON.stringify(fields)}\n`);
      })
      .catch((error: NodeJS.ErrnoException) => {
        // A file on a full disk is kept: a new one for each cell would not have more room.
        if (error.syscall !== "write") this.#file = undefined;
        process.stderr.write(`The history cannot be written: ${String(error)}\n`);
      });
  }

  /** Takes the next free session number by making its file. */
  async #begin(): Promise<{ session: number; path: string }> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const sessions = await this.#sessions();
    for (const old of sessions.slice(0, Math.max(0, sessions.length - keptSessions))) {
      await rm(this.#path(old), { force: true });
    }
    for (let session = (sessions.at(-1) ?? 0) + 1; ; session++) {
      const path = this.#path(session);
      try {
        await (await open(path, "wx", 0o600)).close();
        return { session, path };
      } catch (error) {
        // Another kernel took this number: the next one.
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  }

  async #sessions(): Promise<number[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names
      .map((name) => Number(/^session-(\d+)\.jsonl$/.exec(name)?.[1] ?? 0))
      .filter((session) => session > 0)
      .sort((a, b) => a - b);
  }

  #path(session: number): string {
    return join(this.#folder, `session-${session}.jsonl`);
  }

  async #read(session: number): Promise<HistoryEntry[]> {
    const text = await readFile(this.#path(session), "utf8").catch(() => "");
    return parseEntries(session, text);
  }
}

/** A broken line, such as one cut off by a full disk, is left out. */
function parseEntries(session: number, text: string): HistoryEntry[] {
  const entries = new Map<number, HistoryEntry>();
  for (const row of text.split("\n")) {
    const { line, source, output } = parseRow(row);
    if (typeof line !== "number") continue;
    if (typeof source === "string") entries.set(line, { session, line, source, output: undefined });
    const entry = entries.get(line);
    if (entry !== undefined && typeof output === "string") entries.set(line, { ...entry, output });
  }
  return [...entries.values()];
}

function parseRow(row: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(row);
    return isJsonObject(value) ? value : {};
  } catch {
    // Broken: nothing to take from it.
    return {};
  }
}

/** One entry per source text, the latest, in the order they ran. */
function latestOfEach(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const bySource = new Map<string, HistoryEntry>();
  for (const entry of entries) {
    bySource.delete(entry.source);
    bySource.set(entry.source, entry);
  }
  return [...bySource.values()];
}
