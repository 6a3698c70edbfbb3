import { execFile } from "node:child_process";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ColabCodeError } from "../errors.ts";
import { findProgram } from "../services/find-program.ts";
import type { Installation, InstallContext } from "./installation.ts";
import { runTool } from "./tool.ts";

/** A Python environment with `requirements` (arguments of pip install) in it. */
export function pythonEnvironment(
  described: Pick<Installation, "name" | "title" | "version">,
  requirements: readonly string[],
): Installation {
  const { title } = described;
  return {
    ...described,
    async build(folder, finalFolder, context) {
      context.onProgress(`installing ${title}: making a Python environment`, 0);
      await makeEnvironment(await findPython(), folder, context);
      await installRequirements(title, folder, requirements, context);
      await repointScripts(folder, finalFolder);
    },
  };
}

/** The Python of an environment. */
export function environmentPython(folder: string): string {
  return join(binFolder(folder), process.platform === "win32" ? "python.exe" : "python");
}

/** The folder of an environment's programs. */
export function binFolder(folder: string): string {
  return join(folder, process.platform === "win32" ? "Scripts" : "bin");
}

async function findPython(): Promise<string> {
  for (const name of ["python3", "python"]) {
    const python = findProgram(name);
    const test = "import sys; sys.exit(sys.version_info < (3, 9))";
    if (python !== undefined && (await succeeds(python, ["-c", test]))) return python;
  }
  throw new ColabCodeError("NOT_INSTALLED", "There is no Python 3.9 or newer on PATH.", {
    hint: "Install Python 3, on Debian or Ubuntu: sudo apt-get install python3 python3-venv",
  });
}

async function makeEnvironment(
  python: string,
  folder: string,
  context: InstallContext,
): Promise<void> {
  if (!(await succeeds(python, ["-c", "import venv, ensurepip"]))) {
    throw new ColabCodeError("NOT_INSTALLED", `${python} has no venv and ensurepip.`, {
      hint: "On Debian or Ubuntu run: sudo apt-get install python3-venv",
    });
  }
  await runTool({
    task: "Making a Python environment",
    command: python,
    args: ["-m", "venv", folder],
    signal: context.signal,
  });
}

async function installRequirements(
  title: string,
  folder: string,
  requirements: readonly string[],
  context: InstallContext,
): Promise<void> {
  let collected = 0;
  await runTool({
    task: `Installing ${title}`,
    command: environmentPython(folder),
    args: ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", ...requirements],
    environment: { ...process.env, PYTHONUNBUFFERED: "1" },
    signal: context.signal,
    hint: "Check the network and the free space, then run it again.",
    onLine: (line) => {
      if (line.startsWith("Collecting ")) {
        collected++;
        context.onProgress(`installing ${title}: ${collected} packages`);
      } else if (line.startsWith("Installing collected packages")) {
        context.onProgress(`installing ${title}: unpacking ${collected} packages`, 0.6);
      }
    },
  });
}

/** Scripts hold the absolute path of their Python, which is about to move. */
async function repointScripts(folder: string, finalFolder: string): Promise<void> {
  const bin = binFolder(folder);
  for (const entry of await readdir(bin)) {
    const file = join(bin, entry);
    const { size } = await stat(file);
    if (size > 100_000) continue;
    const text = await readFile(file, "latin1");
    if (text.includes(folder))
      await writeFile(file, text.replaceAll(folder, finalFolder), "latin1");
  }
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return promisify(execFile)(command, [...args], { timeout: 20_000 }).then(
    () => true,
    () => false,
  );
}
