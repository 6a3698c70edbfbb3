import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { takeLock } from "./lock.ts";

export interface InstallContext {
  readonly signal: AbortSignal;
  /** One line that says what is going on; `share` from 0 to 1 where it is known. */
  readonly onProgress: (text: string, share?: number) => void;
}

/** Something that is installed once into the cache and used by all notebooks. */
export interface Installation {
  /** Name of its folder in the cache. */
  readonly name: string;
  /** What it is called in progress lines: "JupyterLab". */
  readonly title: string;
  /** Changes when what is installed changes; another version is replaced. */
  readonly version: string;
  /** Puts everything into `folder`, which is later renamed to `finalFolder`. */
  build(folder: string, finalFolder: string, context: InstallContext): Promise<void>;
}

const markFile = ".colabcode-installed";

/** The folder of a complete installation; undefined where it is missing, half done or another version. */
export function findInstalled(
  { name, version }: Pick<Installation, "name" | "version">,
  cache: string = cacheFolder(),
): string | undefined {
  const folder = join(cache, name);
  return readMark(folder) === version ? folder : undefined;
}

/**
 * The folder of the installation, made first where it is missing. Two processes that ask at once
 * install once. Rejects, also by the signal, with nothing half done left in place.
 */
export async function ensureInstalled(
  installation: Installation,
  context: InstallContext,
  cache: string = cacheFolder(),
): Promise<string> {
  const existing = findInstalled(installation, cache);
  if (existing !== undefined) return existing;
  const { name, title, version } = installation;
  mkdirSync(cache, { recursive: true });
  using _lock = await takeLock(join(cache, `${name}.lock`), {
    signal: context.signal,
    onWait: (pid) =>
      context.onProgress(`waiting for another process (pid ${pid}) that installs ${title}`),
  });
  const made = findInstalled(installation, cache);
  if (made !== undefined) return made;

  const finalFolder = join(cache, name);
  const partial = `${name}.partial-`;
  await removeLeftovers(cache, partial);
  const folder = join(cache, `${partial}${process.pid}`);
  mkdirSync(folder);
  try {
    await installation.build(folder, finalFolder, context);
    context.signal.throwIfAborted();
    writeFileSync(join(folder, markFile), version);
    replaceFolder(folder, finalFolder, join(cache, `${partial}old-${process.pid}`));
  } finally {
    await removeLeftovers(cache, partial);
  }
  return finalFolder;
}

/** A rename cannot replace a full folder, so the old one steps aside; what it ran keeps its open files. */
function replaceFolder(folder: string, finalFolder: string, aside: string): void {
  try {
    renameSync(finalFolder, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error; // Errors of node:fs have a code.
  }
  renameSync(folder, finalFolder);
}

/** Only the holder of the lock makes such folders, so all that are there are dead ones' or our own. */
async function removeLeftovers(cache: string, partial: string): Promise<void> {
  const entries = await readdir(cache);
  const leftovers = entries.filter((entry) => entry.startsWith(partial));
  await Promise.all(
    leftovers.map((entry) =>
      rm(join(cache, entry), { recursive: true, force: true, maxRetries: 3 }),
    ),
  );
}

function readMark(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, markFile), "utf8");
  } catch {
    return undefined; // No mark: not installed, or not to the end.
  }
}
