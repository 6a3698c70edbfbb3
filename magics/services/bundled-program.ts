import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProgram, type Manifest, readManifest } from "../../kernel/extension.ts";
import { cacheFolder } from "../install/cache.ts";

/** Names the file in which a bundled program leaves V8's code when it exits. */
export const codeVariable = "COLABCODE_CODE_CACHE";

/** Bundles that are younger may have been found by a process that has not read them yet. */
const keptMs = 60_000;

interface StarterManifest extends Manifest {
  readonly starter: string;
}

/**
 * The file that starts `program`, a file beside this one, several times sooner than itself: the
 * program with all that it imports as one script, and V8's code of it. Undefined where there is
 * none, or where a file that it was made of has changed.
 */
export function findBundle(program: string): string | undefined {
  const starter = readManifest<StarterManifest>(placeOf(program).manifest)?.starter;
  return starter !== undefined && existsSync(starter) ? starter : undefined;
}

/**
 * Makes the bundle of `program` and of `extras`, modules that it is told to import. `rehearse` runs
 * the starter with the variables it is given through what the program does first, and rejects where
 * that fails: then nothing is left behind.
 */
export async function buildBundle(
  program: string,
  extras: readonly string[],
  rehearse: (starter: string, environment: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const { folder, name, manifest } = placeOf(program);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `${name}-${randomUUID().slice(0, 8)}`);
  const starter = `${draft}.cjs`;
  try {
    const { text, inputs } = await bundleProgram(fileOf(program), extras.map(fileOf));
    await writeFile(`${draft}.js`, text);
    await writeFile(starter, starterText);
    await rehearse(starter, { [codeVariable]: `${draft}.code` });
    await stat(`${draft}.code`);
    await writeFile(`${draft}.json`, JSON.stringify({ starter, inputs } satisfies StarterManifest));
    await rename(`${draft}.json`, manifest);
  } catch (error) {
    for (const end of ["js", "cjs", "code", "json"]) await rm(`${draft}.${end}`, { force: true });
    throw error;
  }
  await removeOld(folder, name, draft);
}

/** A bundle fits one build of Node with the same flags; each has its own. */
function placeOf(program: string) {
  const { execPath, version, arch, env } = process;
  const identity = [execPath, version, arch, env["NODE_OPTIONS"] ?? "", fileOf(program)];
  const name = createHash("sha256").update(identity.join("\n")).digest("hex").slice(0, 16);
  const folder = join(cacheFolder(), "programs");
  return { folder, name, manifest: join(folder, `${name}.json`) };
}

function fileOf(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Beside it lie the bundle as `.js` and V8's code as `.code`, which is used where it fits. */
const starterText = `"use strict";
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { Script } = require("node:vm");
const base = __filename.slice(0, -".cjs".length);
const code = base + ".code";
const script = new Script(readFileSync(base + ".js", "utf8"), {
  filename: base + ".js",
  ...(existsSync(code) ? { cachedData: readFileSync(code) } : {}),
});
const target = process.env.${codeVariable};
delete process.env.${codeVariable};
if (target) process.on("exit", () => writeFileSync(target, script.createCachedData()));
script.runInThisContext()(createRequire, (url) => import(url));
`;

async function removeOld(folder: string, name: string, kept: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const path = join(folder, file);
    if (!file.startsWith(`${name}-`) || path.startsWith(kept)) continue;
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > keptMs) await rm(path, { force: true });
  }
}
