import { claimPort } from "../services/free-port.ts";
import type { Check } from "./check.ts";

/** Whether a session could listen on `port` now. */
export function portCheck(port: number): Check {
  return {
    name: `port ${port}`,
    async run() {
      await claimPort(port);
      return { state: "ok", text: "free" };
    },
  };
}
