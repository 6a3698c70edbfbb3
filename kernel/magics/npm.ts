import { z } from "zod";
import type { Magic } from "../extension.ts";
import { splitLine } from "../options.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { runProgram } from "../runtime/shell.ts";
import { ownMagic, rawText } from "./own-magic.ts";

/** What npm says beside its work, which nobody in a notebook asked for. */
const quiet = {
  npm_config_fund: "false",
  npm_config_audit: "false",
  npm_config_update_notifier: "false",
};

export function npm(host: KernelHost): Magic {
  return ownMagic({
    name: "npm",
    summary: "Runs npm in the notebook's folder; cells can import what it installs.",
    body: "none",
    positionals: ["command"],
    options: z.object({ command: rawText("what npm is to do") }),
    examples: ["%npm install lodash", "%npm ls"],
    run: async ({ command }, { signal }) => {
      const words = splitLine(command).map(({ text }) => text);
      const { display, folder } = host;
      const program = process.platform === "win32" ? "npm.cmd" : "npm";
      await runProgram([program, ...words], { display, folder, signal, environment: quiet });
      host.packagesChanged();
    },
  });
}
