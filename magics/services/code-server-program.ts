import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { ColabCodeError } from "../errors.ts";
import {
  ensureInstalled,
  type Installation,
  type InstallContext,
} from "../install/installation.ts";
import { npmEnvironment, packageCounter, runNpm } from "../install/npm.ts";
import { ensureSystemPackages, type Requirement } from "../install/system-packages.ts";
import { runTool } from "../install/tool.ts";
import { findProgram } from "./find-program.ts";
import { serviceEnvironment } from "./service-environment.ts";

/** How to run code-server, and what that version understands. */
export interface CodeServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  hasFlag(name: string): boolean;
}

const versions = { codeServer: "4.139.1", node: "24.21.0" } as const;

/** The code-server on PATH, else ours from the cache, installed first where it is missing. */
export async function findCodeServer(context: InstallContext): Promise<CodeServerProgram> {
  const onPath = findProgram("code-server");
  if (onPath !== undefined) {
    const found = await describe(onPath, []);
    if (found !== undefined) return found;
  }
  const folder = await ensureInstalled(codeServerInstallation(), context);
  const installed = await describe(nodeOf(folder), [entryOf(folder)]);
  if (installed !== undefined) return installed;
  throw new ColabCodeError("NOT_INSTALLED", `The code-server in ${folder} does not run.`, {
    hint: "Remove that folder and run it again.",
  });
}

async function describe(
  command: string,
  args: readonly string[],
): Promise<CodeServerProgram | undefined> {
  // The socket's flag is not in the help text: older versions refuse it.
  const help = await helpOf(command, [...args, "--session-socket", "unused"]);
  if (help !== undefined) {
    const hasFlag = (name: string) => name === "session-socket" || help.includes(`--${name} `);
    return { command, args, hasFlag };
  }
  const older = await helpOf(command, args);
  if (older === undefined) return undefined;
  return { command, args, hasFlag: (name) => older.includes(`--${name} `) };
}

/** Undefined where it does not run: a shim whose version is not installed, or a flag it does not know. */
async function helpOf(command: string, args: readonly string[]): Promise<string | undefined> {
  // Without a configuration given, asking for help writes one into the home folder.
  const allArgs = [...args, "--config", "/dev/null", "--help"];
  const options = { timeout: 20_000, env: serviceEnvironment({}) };
  return promisify(execFile)(command, allArgs, options).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}

/** code-server of npm with the Node it asks for; that package holds Node's headers too. */
export function codeServerInstallation(): Installation {
  return {
    name: "code-server",
    title: "code-server",
    version: `${versions.codeServer} node ${versions.node} ${process.platform}-${process.arch}`,
    async build(folder, _finalFolder, context) {
      if (process.platform === "win32") {
        throw new ColabCodeError("NOT_INSTALLED", "code-server cannot be installed on Windows.", {
          hint: "Run the notebook in WSL, or put a code-server of your own on PATH.",
        });
      }
      await ensureSystemPackages(requirements, "code-server", context);
      await fetchPackages(folder, context);
      await buildEditor(folder, context);
      context.onProgress("installing code-server: 3 of 3 · trying it", 0.98);
      await runTool({
        task: "Trying code-server",
        command: nodeOf(folder),
        args: [entryOf(folder), "--version"],
        signal: context.signal,
      });
    },
  };
}

async function fetchPackages(folder: string, context: InstallContext): Promise<void> {
  const dependencies = { [nodePackage]: versions.node, "code-server": versions.codeServer };
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  await runNpm({
    task: "Installing code-server",
    args: ["install", "--ignore-scripts", "--omit=dev"],
    folder,
    signal: context.signal,
    onPackages: (count) =>
      context.onProgress(
        `installing code-server: 1 of 3 · ${count} packages`,
        Math.min(0.12, count / 1400),
      ),
  });
}

/** code-server's own set-up script, run by the Node it is for: fetches and builds the editor's parts. */
async function buildEditor(folder: string, context: InstallContext): Promise<void> {
  const started = Date.now();
  let packages = 0;
  const tell = (): void => {
    const seconds = Math.round((Date.now() - started) / 1000);
    context.onProgress(
      `installing code-server: 2 of 3 · ${packages} packages, building · ${seconds} s`,
      0.12 + 0.85 * (1 - Math.exp(-seconds / 60)),
    );
  };
  const timer = setInterval(tell, 1000);
  try {
    await runTool({
      task: "Building code-server",
      command: "sh",
      args: ["./postinstall.sh"],
      folder: join(folder, "node_modules", "code-server"),
      environment: buildEnvironment(folder),
      signal: context.signal,
      onLine: packageCounter((count) => {
        packages = count;
      }),
      hint: "code-server's parts are built from source; the lines above say what is missing.",
    });
  } finally {
    clearInterval(timer);
  }
}

function buildEnvironment(folder: string): Record<string, string | undefined> {
  const nodeFolder = join(folder, "node_modules", nodePackage);
  return {
    ...npmEnvironment(process.env),
    PATH: [join(nodeFolder, "bin"), process.env["PATH"] ?? ""].join(delimiter),
    // Headers from the package itself, so that nothing but the package registry is asked.
    npm_config_nodedir: nodeFolder,
    npm_config_ignore_scripts: "false",
    // npm builds one package after the other; make may use all cores for each.
    npm_config_jobs: "max",
    JOBS: "max",
    // The script reads Node's version from here, as npm would set it.
    npm_config_user_agent: `npm/11 node/v${versions.node} ${process.platform} ${process.arch}`,
  };
}

const nodePackage = `node-${process.platform}-${process.arch}`;

function nodeOf(folder: string): string {
  return join(folder, "node_modules", nodePackage, "bin", "node");
}

function entryOf(folder: string): string {
  return join(folder, "node_modules", "code-server", "out", "node", "entry.js");
}

const requirements: readonly Requirement[] = [
  { name: "a C++ compiler", debianPackage: "g++", isThere: () => isOnPath("c++") },
  { name: "make", debianPackage: "make", isThere: () => isOnPath("make") },
  { name: "Python 3", debianPackage: "python3", isThere: () => isOnPath("python3") },
  ...(process.platform === "linux"
    ? [
        { name: "pkg-config", debianPackage: "pkg-config", isThere: () => isOnPath("pkg-config") },
        { name: "the Kerberos headers", debianPackage: "libkrb5-dev", isThere: hasKerberos },
      ]
    : []),
];

function isOnPath(command: string): boolean {
  return findProgram(command) !== undefined;
}

function hasKerberos(): Promise<boolean> {
  return promisify(execFile)("pkg-config", ["--exists", "krb5-gssapi"]).then(
    () => true,
    () => false,
  );
}
