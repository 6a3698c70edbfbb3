import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kernelCacheFolder } from "../cache-folder.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { ownPackageFolder } from "./own-package.ts";

/** Of a snapshot; Node's own program is one of the inputs. */
export interface SnapshotManifest extends Manifest {
  readonly blob: string;
}

/** Where the snapshot of this package for this Node is, or would be. */
export interface SnapshotPlace {
  readonly folder: string;
  readonly name: string;
  readonly manifest: string;
}

/**
 * What Node is started with for the compiler, with a snapshot and without: the new objects of 12 MB
 * instead of 48, which takes it no longer.
 */
export const languageFlags: readonly string[] = ["--max-semi-space-size=4"];

/** A snapshot fits one build of Node with the same flags; each has its own. */
export function snapshotPlace(): SnapshotPlace {
  const { execPath, version, arch, env } = process;
  const flags = [...languageFlags, env.NODE_OPTIONS ?? ""];
  const identity = [execPath, version, arch, ...flags, ownPackageFolder];
  const name = createHash("sha256").update(identity.join("\n")).digest("hex").slice(0, 16);
  const folder = join(kernelCacheFolder(), "snapshots");
  return { folder, name, manifest: join(folder, `${name}.json`) };
}

/** The start-up snapshot that holds the compiler, where there is one that is up to date. */
export function findSnapshot(): string | undefined {
  const blob = readManifest<SnapshotManifest>(snapshotPlace().manifest)?.blob;
  return blob !== undefined && existsSync(blob) ? blob : undefined;
}

/** Gives up a snapshot that Node does not take. */
export function forgetSnapshot(blob: string): void {
  rmSync(snapshotPlace().manifest, { force: true });
  rmSync(blob, { force: true });
}
