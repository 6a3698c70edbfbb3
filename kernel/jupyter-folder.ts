import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { KernelError } from "./errors.ts";

/** Where Jupyter looks for what is installed: for this user, for the active Python, or below a prefix. */
export type InstallPlace =
  | { readonly kind: "user" }
  | { readonly kind: "sys-prefix" }
  | { readonly kind: "prefix"; readonly folder: string };

/** Jupyter's data folder of `place`; rejects where no Python is active. */
export async function jupyterFolder(
  place: InstallPlace,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  switch (place.kind) {
    case "user":
      return userDataFolder(environment);
    case "sys-prefix":
      return join(await pythonPrefix(environment), "share", "jupyter");
    case "prefix":
      return join(resolve(place.folder), "share", "jupyter");
  }
}

function userDataFolder(environment: NodeJS.ProcessEnv): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = environment;
  if (JUPYTER_DATA_DIR) return resolve(JUPYTER_DATA_DIR);
  switch (process.platform) {
    case "win32":
      return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
    case "darwin":
      return join(homedir(), "Library", "Jupyter");
    default:
      return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
  }
}

async function pythonPrefix(environment: NodeJS.ProcessEnv): Promise<string> {
  const active = environment.VIRTUAL_ENV || environment.CONDA_PREFIX;
  if (active) return active;
  const options = { env: environment, timeout: 20_000 };
  for (const python of ["python3", "python"]) {
    try {
      const code = "import sys; print(sys.prefix)";
      const { stdout } = await promisify(execFile)(python, ["-c", code], options);
      if (stdout.trim() !== "") return stdout.trim();
    } catch {
      // Not there or not working: the next one.
    }
  }
  throw new KernelError(
    "no-python",
    "No Python is active, so there is no prefix to install into.",
    {
      hint: "Use --user, or --prefix DIR.",
    },
  );
}
