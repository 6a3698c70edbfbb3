import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ensureInstalled, type InstallContext } from "../install/installation.ts";
import { environmentPython, pythonEnvironment } from "../install/python.ts";
import { findProgram } from "./find-program.ts";

/** How to run JupyterLab. */
export interface JupyterLabProgram {
  readonly command: string;
  readonly args: readonly string[];
}

const version = "4.6.6";

/** The JupyterLab on PATH, else ours from the cache, installed first where it is missing. */
export async function findJupyterLab(context: InstallContext): Promise<JupyterLabProgram> {
  const candidates: JupyterLabProgram[] = [
    { command: "jupyter-lab", args: [] },
    { command: "jupyter", args: ["lab"] },
  ];
  for (const { command, args } of candidates) {
    const file = findProgram(command);
    if (file !== undefined && (await works(file, args))) return { command: file, args };
  }
  const installation = pythonEnvironment(
    { name: "jupyterlab-env", title: "JupyterLab", version: `jupyterlab ${version}` },
    [`jupyterlab==${version}`, "ipykernel"],
  );
  const folder = await ensureInstalled(installation, context);
  return { command: environmentPython(folder), args: ["-m", "jupyterlab"] };
}

/** False for a shim whose version is not installed, and for a `jupyter` without a Lab. */
function works(command: string, args: readonly string[]): Promise<boolean> {
  return promisify(execFile)(command, [...args, "--version"], { timeout: 30_000 }).then(
    () => true,
    () => false,
  );
}
