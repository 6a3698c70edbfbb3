import { findCodeServer } from "../services/code-server-program.ts";
import type { Check } from "./check.ts";
import { installedOnly } from "./installed-only.ts";

/** Whether `colabcode code` could start at once. */
export const checkCodeServer: Check = {
  name: "code-server",
  async run() {
    const { command, args } = await findCodeServer(installedOnly("code-server", "code"));
    return { state: "ok", text: [command, ...args].join(" ") };
  },
};
