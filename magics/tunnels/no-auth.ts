import { ColabCodeError } from "../errors.ts";
import type { TunnelRequest } from "./tunnel.ts";

/** For providers that cannot ask visitors for a password: rejects a request for one. */
export function refuseAuth(request: TunnelRequest, name: string): void {
  if (request.auth === undefined) return;
  throw new ColabCodeError("USAGE", `A tunnel over ${name} cannot ask visitors for a password.`, {
    hint: "Use --tunnel ngrok with --auth, or protect the app itself (--api-key).",
  });
}
