import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { findProgram } from "../services/find-program.ts";
import type { Check, CheckContext } from "./check.ts";

/** Whether Jupyter is told of the kernel, in one of the folders where it looks. */
export const checkKernelSpec: Check = {
  name: "kernel spec",
  async run({ environment }) {
    const files = dataFolders(environment).map((folder) =>
      join(folder, "kernels", "colabcode", "kernel.json"),
    );
    const found = files.find((file) => existsSync(file));
    if (found !== undefined) return { state: "ok", text: found };
    return {
      state: "missing",
      text: "Jupyter does not know the kernel.",
      hint: "Run colabcode install (not needed for colabcode itself, nor for `colabcode lab`).",
    };
  },
};

/** Jupyter's data folders: its own variables, the user's, the environment's, the system's. */
function dataFolders(environment: CheckContext["environment"]): string[] {
  const { JUPYTER_PATH = "", JUPYTER_DATA_DIR, VIRTUAL_ENV, CONDA_PREFIX } = environment;
  const home = homedir();
  const users = {
    darwin: join(home, "Library", "Jupyter"),
    win32: join(environment["APPDATA"] ?? home, "jupyter"),
  } as const;
  const user = process.platform === "darwin" || process.platform === "win32";
  const jupyter = findProgram("jupyter");
  return [
    ...JUPYTER_PATH.split(delimiter),
    JUPYTER_DATA_DIR ?? "",
    user
      ? users[process.platform as keyof typeof users] // Only these two come here.
      : join(environment["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "jupyter"),
    ...[VIRTUAL_ENV, CONDA_PREFIX, "/usr/local", "/usr"].map((prefix) =>
      prefix === undefined ? "" : join(prefix, "share", "jupyter"),
    ),
    jupyter === undefined ? "" : join(jupyter, "..", "..", "share", "jupyter"),
  ].filter((folder) => folder !== "");
}
