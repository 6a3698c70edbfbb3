import { findJupyterLab } from "../services/jupyterlab-program.ts";
import type { Check } from "./check.ts";
import { installedOnly } from "./installed-only.ts";

/** Whether `colabcode lab` could start at once. */
export const checkJupyterLab: Check = {
  name: "JupyterLab",
  async run() {
    const { command, args } = await findJupyterLab(installedOnly("JupyterLab", "lab"));
    return { state: "ok", text: [command, ...args].join(" ") };
  },
};
