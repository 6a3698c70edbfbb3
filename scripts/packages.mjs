import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const npmCommand = process.platform === "win32" ? "npm.cmd" : "npm";
const sourceFolders = ["kernel", "magics", "test"];

/** Installs the npm packages of package-lock.json where one is missing or of another version. */
export async function ensurePackages(signal) {
  if (arePackagesInstalled()) return;
  if (isLink(join(root, "node_modules"))) return; // Shared with another work tree, which sees to it.
  // Not `npm ci`: that refuses a lock without the packages of some other system, and starts from nothing.
  const args = ["install", "--no-save", "--no-audit", "--no-fund"];
  await step("installing npm packages", npmCommand, args, signal);
}

/** Compiles to dist/ where a source has changed, and removes what belongs to removed sources. */
export async function ensureBuilt(signal) {
  const stampFile = join(root, "dist", ".sources");
  const stamp = describeSources();
  if (readText(stampFile) === stamp) return;
  removeStaleOutput();
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  await step("compiling", process.execPath, [compiler, "-p", root], signal);
  writeFileSync(stampFile, stamp);
}

/** True when what npm has installed is what package-lock.json asks for. */
function arePackagesInstalled() {
  const installed = readText(join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) return false;
  const have = JSON.parse(installed).packages;
  const want = JSON.parse(readText(join(root, "package-lock.json"))).packages;
  return Object.entries(want).every(([path, { version, optional }]) => {
    if (path === "" || have[path]?.version === version) return true;
    return optional === true && have[path] === undefined; // Made for another system.
  });
}

function describeSources() {
  const hash = createHash("sha256");
  const files = [...sourceFolders.flatMap(listSources), "tsconfig.json", "package-lock.json"];
  for (const file of files.sort()) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

function listSources(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));
}

function removeStaleOutput() {
  for (const folder of sourceFolders) {
    const output = join(root, "dist", folder);
    if (!existsSync(output)) continue;
    for (const file of readdirSync(output, { recursive: true })) {
      const source = /^(.*?)(?:\.d\.ts|\.js|\.js\.map)$/.exec(file)?.[1];
      if (source === undefined || existsSync(join(root, folder, `${source}.ts`))) continue;
      rmSync(join(output, file));
    }
  }
}

/** Runs a command quietly. Its output is shown if it fails. */
async function step(name, command, args, signal) {
  const started = Date.now();
  process.stdout.write(`${name} …\n`);
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], signal });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    const shown = `${relative(root, command) || command} ${args.join(" ")}`;
    throw new Error(`${name} failed (${shown}):\n${output.trim()}`);
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${name}: done in ${seconds} s\n`);
}

function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // Not there: not installed or not built yet.
  }
}
