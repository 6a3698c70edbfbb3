import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { type Manifest, readManifest } from "./language/manifest.ts";
import { snapshotPlace } from "./language/snapshot.ts";

type KernelProgram = typeof import("./server/serve.ts");

interface ProgramManifest extends Manifest {
  readonly script: string;
  /** V8's code of the script. */
  readonly code: string;
}

/** What the script of a bundle gives: a function that loads a module by its path. */
type Load = (path: string) => unknown;

const entry = fileURLToPath(new URL("./server/serve.js", import.meta.url));

/**
 * The program that serves a kernel: from one script where `buildKernelProgram` made it of the files
 * that are there now, which is loaded some 20 ms sooner, else from the files themselves.
 */
export async function loadKernelProgram(): Promise<KernelProgram> {
  return findProgram() ?? import("./server/serve.ts");
}

function findProgram(): KernelProgram | undefined {
  const manifest = readManifest<ProgramManifest>(manifestPath());
  if (manifest === undefined) return undefined;
  try {
    const script = compile(manifest.script, readFileSync(manifest.code));
    // The bundle of the entry has what the entry exports.
    return run(script)(entry) as KernelProgram;
  } catch {
    return undefined; // Something else wrote there; the files themselves are as good.
  }
}

/** Makes one script of the program that serves kernels, for this Node, in about 1 s. */
export async function buildKernelProgram(): Promise<void> {
  const { bundleProgram } = await import("./language/program-bundle.ts");
  const { folder, name } = snapshotPlace();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { text, inputs } = bundleProgram(entry);
  const draft = join(folder, `${name}.kernel-${process.pid}`);
  const manifest: ProgramManifest = { script: `${draft}.js`, code: `${draft}.code`, inputs };
  writeFileSync(manifest.script, text);
  const script = compile(manifest.script);
  const load = run(script);
  // Whatever was loaded has its code in what V8 gives.
  for (const [path] of inputs) load(path);
  writeFileSync(manifest.code, script.createCachedData());
  writeFileSync(`${draft}.json`, JSON.stringify(manifest));
  renameSync(`${draft}.json`, manifestPath());
  for (const file of readdirSync(folder)) {
    const isOld = file.startsWith(`${name}.kernel-`) && !file.startsWith(`${basename(draft)}.`);
    if (isOld) rmSync(join(folder, file), { force: true });
  }
}

function manifestPath(): string {
  const { folder, name } = snapshotPlace();
  return join(folder, `${name}.kernel.json`);
}

function compile(path: string, cachedData?: Buffer): Script {
  return new Script(readFileSync(path, "utf8"), { filename: path, cachedData });
}

function run(script: Script): Load {
  // As `bundleProgram` says.
  const start = script.runInThisContext() as (
    createRequire: (from: string) => NodeJS.Require,
    importModule: (url: string) => Promise<unknown>,
  ) => Load;
  return start(createRequire, (url) => import(url));
}
