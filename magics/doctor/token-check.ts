import { findToken } from "../tunnels/token.ts";
import type { Check } from "./check.ts";

/** Whether a token for ngrok is at hand, without asking for it and without showing it. */
export const checkToken: Check = {
  name: "token",
  async run({ environment }) {
    const found = await findToken({ environment });
    if (found !== undefined) return { state: "ok", text: `ngrok's, from ${found.source}` };
    return {
      state: "missing",
      text: "No ngrok token: apps stay local.",
      hint: "Run colabcode auth, or set NGROK_AUTHTOKEN (free at https://dashboard.ngrok.com).",
    };
  },
};
