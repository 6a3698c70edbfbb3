import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { settingsVariable } from "./language-channel.ts";
import { stampAll } from "./manifest.ts";
import { ownPackageFolder } from "./own-package.ts";
import {
  languageFlags,
  type SnapshotManifest,
  type SnapshotPlace,
  snapshotPlace,
} from "./snapshot.ts";
import { bundleLanguage } from "./snapshot-bundle.ts";

/** A build that began this long ago is dead. */
const staleMs = 120_000;

/**
 * Builds the start-up snapshot of the language for this Node, in about 5 s, and proves that it
 * starts. False where another process is at it or this Node cannot; nothing is left behind then.
 */
export async function buildSnapshot(signal: AbortSignal): Promise<boolean> {
  const place = snapshotPlace();
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  const lock = join(place.folder, `${place.name}.lock`);
  const age =
    Date.now() -
    (await stat(lock).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    ));
  if (age > staleMs) await rm(lock, { force: true });
  try {
    await (await open(lock, "wx")).close();
  } catch {
    // Another process builds it.
    return false;
  }
  try {
    return await build(place, signal);
  } finally {
    await rm(lock, { force: true });
  }
}

async function build(place: SnapshotPlace, signal: AbortSignal): Promise<boolean> {
  const name = `${place.name}-${process.pid}`;
  const script = join(place.folder, `${name}.cjs`);
  const blob = join(place.folder, `${name}.blob`);
  // No notebook lies there, and no packages of one.
  const { text, inputs } = bundleLanguage(join(ownPackageFolder, "dist", "notebook"));
  const stamps = stampAll([process.execPath, ...inputs]);
  let isBuilt = false;
  try {
    await writeFile(script, text);
    isBuilt =
      (await succeeds(["--snapshot-blob", blob, "--build-snapshot", script], signal)) &&
      // Without anybody to serve it starts and ends.
      (await succeeds(["--snapshot-blob", blob, script], signal));
    if (!isBuilt) return false;
    const draft = join(place.folder, `${name}.json`);
    await writeFile(draft, JSON.stringify({ blob, inputs: stamps } satisfies SnapshotManifest));
    await rename(draft, place.manifest);
    await removeOthers(place, name);
    return true;
  } finally {
    await rm(script, { force: true });
    if (!isBuilt) await rm(blob, { force: true });
  }
}

async function succeeds(words: readonly string[], signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const child = spawn(process.execPath, [...languageFlags, ...words], {
    env: { ...process.env, [settingsVariable]: JSON.stringify({ folder: ownPackageFolder }) },
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  for (const stream of child.stdio) stream?.destroy();
  const kill = () => child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    return (await exitCode(child)) === 0;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  // Both are there for as long as the process is an event emitter of Node.
  const [code] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return code;
}

/** What earlier builds left, whole or cut short; a process that has read a snapshot no longer needs it. */
async function removeOthers(place: SnapshotPlace, kept: string): Promise<void> {
  for (const file of await readdir(place.folder)) {
    const isOld = file.startsWith(`${place.name}-`) && !file.startsWith(`${kept}.`);
    if (isOld) await rm(join(place.folder, file), { force: true });
  }
}
