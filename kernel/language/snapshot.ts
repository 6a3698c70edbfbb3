import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kernelCacheFolder } from "../cache-folder.ts";
import { fileStamp } from "./file-stamp.ts";
import { ownPackageFolder } from "./own-package.ts";

/** What a snapshot was made of: it is good for as long as all of it is unchanged. */
export interface SnapshotManifest {
  readonly blob: string;
  /** Files with their stamps, Node's own program among them. */
  readonly inputs: readonly (readonly [path: string, stamp: string])[];
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
  try {
    // Only `buildSnapshot` writes it, whole or not at all.
    const manifest = JSON.parse(readFileSync(snapshotPlace().manifest, "utf8")) as SnapshotManifest;
    const isCurrent = manifest.inputs.every(([path, stamp]) => fileStamp(path) === stamp);
    return isCurrent && fileStamp(manifest.blob) !== "" ? manifest.blob : undefined;
  } catch {
    // There is none, or none that can be read: the compiler is loaded without it.
    return undefined;
  }
}

/** Gives up a snapshot that Node does not take. */
export function forgetSnapshot(blob: string): void {
  rmSync(snapshotPlace().manifest, { force: true });
  rmSync(blob, { force: true });
}
