import { KernelError } from "../extension.ts";
import { runShell } from "../runtime/shell.ts";
import { noOptions, ownMagic } from "./own-magic.ts";

export const bash = ownMagic({
  name: "bash",
  summary: "Runs the cell by bash.",
  body: "text",
  options: noOptions,
  examples: ["%%bash\nls -l\nwc -l *.csv"],
  run: async (_options, { host, signal, body }) => {
    if (body === undefined) {
      throw new KernelError("USAGE", "%bash has no cell.", {
        hint: "Write %%bash on a line of its own above the commands, or !COMMAND.",
      });
    }
    const { display, folder } = host;
    await runShell(body, { display, folder, signal });
  },
});
