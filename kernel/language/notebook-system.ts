import { join } from "node:path";
import { fileStamp } from "./file-stamp.ts";
import { globalsFileName, globalsText } from "./globals.ts";
import { libraryAdditions } from "./library-additions.ts";
import type { TypeScript, ts } from "./typescript.ts";

/** TypeScript's system as the converter of one folder sees it. */
export interface NotebookSystem {
  readonly system: ts.System;
  readonly globalsPath: string;
  /** Tells the compiler which local files changed since the last call; false if none did. */
  announceChanges(): boolean;
}

interface WatchedFile {
  readonly callback: ts.FileWatcherCallback;
  stamp: string;
}

/**
 * A system whose current directory is `folder`, which has the file of global declarations, and
 * which watches no file by timers: local files are looked at when `announceChanges` is called.
 */
export function createNotebookSystem(typescript: TypeScript, folder: string): NotebookSystem {
  const globalsPath = join(folder, globalsFileName).replaceAll("\\", "/");
  const text = `${globalsText}\n${libraryAdditions(process.versions.node)}\n`;
  const watched = new Map<string, Set<WatchedFile>>();
  const base = typescript.sys;
  const system: ts.System = Object.assign(Object.create(base), {
    useCaseSensitiveFileNames: true,
    getCurrentDirectory: () => folder,
    fileExists: (path: string) => path === globalsPath || base.fileExists(path),
    readFile(path: string, encoding?: string) {
      return path === globalsPath ? text : base.readFile(path, encoding);
    },
    watchDirectory: () => ({ close() {} }),
    watchFile(path: string, callback: ts.FileWatcherCallback) {
      if (path === globalsPath || !isLocalFile(path)) return { close() {} };
      const file = { callback, stamp: fileStamp(path) };
      const files = watched.get(path) ?? new Set();
      watched.set(path, files.add(file));
      return { close: () => void files.delete(file) };
    },
  });
  function announceChanges(): boolean {
    let hasChanged = false;
    for (const [path, files] of watched) {
      for (const file of files) {
        const stamp = fileStamp(path);
        if (stamp === file.stamp) continue;
        const kind = eventKind(typescript, file.stamp, stamp);
        file.stamp = stamp;
        file.callback(path, kind);
        hasChanged = true;
      }
    }
    return hasChanged;
  }
  return { system, globalsPath, announceChanges };
}

/** Files that a person edits, as opposed to those of installed packages and of the compiler. */
export function isLocalFile(path: string): boolean {
  return !path.includes("/node_modules/");
}

function eventKind(typescript: TypeScript, before: string, after: string): ts.FileWatcherEventKind {
  if (before === "") return typescript.FileWatcherEventKind.Created;
  return after === ""
    ? typescript.FileWatcherEventKind.Deleted
    : typescript.FileWatcherEventKind.Changed;
}
