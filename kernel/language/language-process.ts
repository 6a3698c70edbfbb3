import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { MagicDescription, VariableDefinition } from "../extension.ts";
import { readCellModule } from "./cell-module.ts";
import type {
  Completion,
  Conversion,
  Inspection,
  IsComplete,
  Language,
  LanguageService,
} from "./language.ts";
import {
  descriptors,
  encodeMessage,
  type LanguageAnswer,
  type LanguageRequest,
  MessageReader,
  settingsVariable,
} from "./language-channel.ts";
import { findSnapshot, forgetSnapshot, languageFlags } from "./snapshot.ts";

interface Waiting {
  readonly request: LanguageRequest;
  /** Processes that ended while they had it. */
  losses: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a language that has to be started anew must be told. */
interface Memory {
  folder: string;
  declarations: string;
  magics: readonly MagicDescription[];
  /** The cells that are modules for the imports of others, by the module's name. */
  readonly modules: Map<string, string>;
}

/** A kernel that lives this long has time to make the next ones start sooner, in ms. */
const buildAfterMs = 20_000;

/** Nobody asks for anything any more, in ms: the next cell is being written. */
const idleMs = 300;

/** Between two steps of reading ahead, for what comes meanwhile. */
const pauseMs = 30;

/** Starts the TypeScript side of a notebook in a process of its own, which ends with this one. */
export function startLanguageProcess(folder: string): LanguageService {
  const snapshot = findSnapshot();
  const stopBuilding = snapshot === undefined ? buildLater() : () => {};
  return new LanguageProcess(folder, snapshot, stopBuilding);
}

/** Builds a snapshot in a while, in a process that ends with this one or when it is told to. */
function buildLater(): () => void {
  let builder: ChildProcess | undefined;
  const timer = setTimeout(() => {
    builder = startBuilder();
  }, buildAfterMs);
  timer.unref();
  return () => {
    clearTimeout(timer);
    builder?.stdin?.destroy();
  };
}

function startBuilder(): ChildProcess {
  const main = fileURLToPath(new URL("./snapshot-main.js", import.meta.url));
  const builder = spawn(process.execPath, [main], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    windowsHide: true,
  });
  // Without a snapshot everything works, only later.
  builder.on("error", () => {});
  builder.unref();
  return builder;
}

class LanguageProcess implements LanguageService {
  readonly #memory: Memory;
  readonly #stopBuilding: () => void;
  #child: ChildProcess;
  #waiting: Waiting[] = [];
  #isClosed = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(folder: string, snapshot: string | undefined, stopBuilding: () => void) {
    this.#stopBuilding = stopBuilding;
    this.#memory = { folder, declarations: "", magics: [], modules: new Map() };
    this.#child = this.#start(snapshot);
    process.once("exit", () => this.#child.kill("SIGKILL"));
    this.#readAheadAfter(idleMs);
  }

  prepare(): void {}

  readAhead(): Promise<boolean> {
    return this.#ask("readAhead");
  }

  unknownMagics(code: string): Promise<readonly string[]> {
    return this.#ask("unknownMagics", code);
  }

  setMagics(magics: readonly MagicDescription[]): Promise<void> {
    this.#memory.magics = magics;
    return this.#ask("setMagics", magics);
  }

  async convert(code: string, after?: string): Promise<Conversion> {
    const conversion = await this.#ask("convert", code, after);
    const module = readCellModule(code);
    if (module && conversion.kind === "compiled") this.#memory.modules.set(module.name, code);
    return conversion;
  }

  async commit(declarations: string, unsetNames?: readonly string[]): Promise<string> {
    return this.#remember(await this.#ask("commit", declarations, unsetNames));
  }

  async define(variables: readonly VariableDefinition[]): Promise<string> {
    if (variables.length === 0) return this.#memory.declarations;
    return this.#remember(await this.#ask("define", variables));
  }

  async reset(): Promise<void> {
    await this.#ask("reset");
    // Not before: a commit that was asked earlier may still be answered.
    this.#remember("");
  }

  complete(code: string, cursorUtf16: number): Promise<Completion> {
    return this.#ask("complete", code, cursorUtf16);
  }

  inspect(code: string, cursorUtf16: number, detailLevel: 0 | 1): Promise<Inspection | undefined> {
    return this.#ask("inspect", code, cursorUtf16, detailLevel);
  }

  isComplete(code: string): Promise<IsComplete> {
    return this.#ask("isComplete", code);
  }

  help(code: string): Promise<ReturnType<Language["help"]>> {
    return this.#ask("help", code);
  }

  setFolder(folder: string): Promise<void> {
    this.#memory.folder = folder;
    return this.#ask("setFolder", folder);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    this.#stopBuilding();
    this.#child.kill("SIGKILL");
  }

  #remember(declarations: string): string {
    this.#memory.declarations = declarations;
    return declarations;
  }

  #ask<Name extends keyof Language>(
    method: Name,
    ...parameters: Parameters<Language[Name]>
  ): Promise<ReturnType<Language[Name]>> {
    clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      // The answer is what the method returned on the other side.
      const settle = resolve as (value: unknown) => void;
      const request = { method, parameters };
      const waiting = { request, losses: 0, resolve: settle, reject };
      this.#waiting.push(waiting);
      if (isGone(this.#child)) this.#startAgain(findSnapshot());
      else this.#send(waiting.request);
    });
  }

  #send(request: LanguageRequest): void {
    // Made as a pipe below, which is a socket on this side.
    (this.#child.stdio[descriptors.requests] as Duplex).write(encodeMessage(request));
  }

  /** Another process, told what the last one knew and asked what it has not answered. */
  #startAgain(snapshot: string | undefined): void {
    const { declarations, magics, modules } = this.#memory;
    const asked = this.#waiting;
    this.#waiting = [];
    this.#child = this.#start(snapshot);
    if (magics.length > 0) void this.#ask("setMagics", magics);
    for (const code of modules.values()) void this.#ask("convert", code);
    if (declarations !== "") void this.#ask("commit", declarations);
    for (const waiting of asked) {
      this.#waiting.push(waiting);
      this.#send(waiting.request);
    }
  }

  #start(snapshot: string | undefined): ChildProcess {
    const main = fileURLToPath(new URL("./language-main.js", import.meta.url));
    const words = snapshot === undefined ? [main] : ["--snapshot-blob", snapshot, main];
    const child = spawn(process.execPath, [...languageFlags, ...words], {
      env: {
        ...process.env,
        [settingsVariable]: JSON.stringify({ folder: this.#memory.folder }),
        GLIBC_TUNABLES: tuneMemory(process.env.GLIBC_TUNABLES),
      },
      // A group of its own: an interrupt by signal is not for it.
      detached: true,
      stdio: ["ignore", "ignore", "inherit", "pipe", "pipe"],
      windowsHide: true,
    });
    const reader = new MessageReader();
    let isProven = false;
    (child.stdio[descriptors.answers] as Duplex).on("data", (chunk: Buffer) => {
      isProven = true;
      for (const message of reader.push(chunk)) this.#settle(message as LanguageAnswer);
    });
    // What was written to a process that is gone is asked of the next one.
    for (const stream of child.stdio) stream?.on("error", () => {});
    child.once("exit", () => {
      if (this.#isClosed || child !== this.#child) return;
      if (isProven) this.#blameFirst();
      else if (snapshot === undefined) this.#giveUp(this.#waiting.length);
      else forgetSnapshot(snapshot);
      if (this.#waiting.length > 0) this.#startAgain(isProven ? findSnapshot() : undefined);
    });
    child.once("error", () => this.#giveUp(this.#waiting.length));
    return child;
  }

  #settle(answer: LanguageAnswer): void {
    const waiting = this.#waiting.shift();
    if ("error" in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.value);
    if (this.#waiting.length > 0) return;
    if (waiting?.request.method !== "readAhead") this.#readAheadAfter(idleMs);
    else if ("value" in answer && answer.value === true) this.#readAheadAfter(pauseMs);
  }

  #readAheadAfter(milliseconds: number): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      // Where it fails, the next request says why.
      this.readAhead().catch(() => {});
    }, milliseconds);
    this.#idle.unref();
  }

  /** The request that was under way may have taken the process with it; once is no proof. */
  #blameFirst(): void {
    const [first] = this.#waiting;
    if (first !== undefined && ++first.losses > 1) this.#giveUp(1);
  }

  #giveUp(count: number): void {
    for (const { reject } of this.#waiting.splice(0, count)) {
      reject(new Error("The compiler's process ended; it is started anew."));
    }
  }
}

/**
 * How the C library's malloc keeps memory; others ignore it. A snapshot is read sooner into large
 * pages. What V8's own compiler has freed goes back to the system, 30 MB after some hundred cells:
 * by itself malloc keeps ever more, the larger what it is asked for.
 */
const memoryTunables = [
  "glibc.malloc.hugetlb=1",
  "glibc.malloc.mmap_threshold=1048576",
  "glibc.malloc.trim_threshold=1048576",
];

function tuneMemory(tunables: string | undefined): string {
  return [...(tunables === undefined ? [] : [tunables]), ...memoryTunables].join(":");
}

function isGone(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
