import { ColabCodeError } from "../errors.ts";
import type { TunnelRequest } from "./tunnel.ts";

/** For providers that let everybody in: rejects a request for a password or other access rules. */
export function refuseAccessRules(request: TunnelRequest, name: string): void {
  if (request.access !== undefined) {
    const message = `A tunnel over ${name} cannot choose who comes in.`;
    throw new ColabCodeError("USAGE", message, {
      hint: "Use --tunnel ngrok for --oauth, --allow-cidr and --traffic-policy.",
    });
  }
  if (request.auth === undefined) return;
  throw new ColabCodeError("USAGE", `A tunnel over ${name} cannot ask visitors for a password.`, {
    hint: "Use --tunnel ngrok with --auth, or protect the app itself (--api-key).",
  });
}
