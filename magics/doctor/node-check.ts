import type { Check } from "./check.ts";

const least = [20, 19] as const;

/** The version of Node that runs this. */
export const checkNode: Check = {
  name: "Node",
  async run() {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const isEnough = major > least[0] || (major === least[0] && minor >= least[1]);
    const text = `Node ${process.versions.node} in ${process.execPath}`;
    return isEnough
      ? { state: "ok", text }
      : { state: "bad", text, hint: `Use Node ${least.join(".")} or later.` };
  },
};
