import { readFileSync } from "node:fs";
import { fileStamp } from "./file-stamp.ts";

/** What something in the cache was made of: it is good for as long as all of it is unchanged. */
export interface Manifest {
  /** Files with stamps that change when they do. */
  readonly inputs: readonly (readonly [path: string, stamp: string])[];
}

/** The inputs of a manifest as the files are now. */
export function stampAll(paths: readonly string[]): Manifest["inputs"] {
  return paths.map((path) => [path, fileStamp(path)] as const);
}

/**
 * The manifest in a file, where there is one that is up to date. Who asks for a kind of manifest
 * must be the one that writes its file, whole or not at all.
 */
export function readManifest<Kind extends Manifest>(path: string): Kind | undefined {
  try {
    const manifest = JSON.parse(readFileSync(path, "utf8")) as Kind;
    const isCurrent = manifest.inputs.every(([input, stamp]) => fileStamp(input) === stamp);
    return isCurrent ? manifest : undefined;
  } catch {
    return undefined; // There is none, or none that can be read.
  }
}
