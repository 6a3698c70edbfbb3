import { ColabCodeError } from "../errors.ts";
import type { RunningService } from "../services/service.ts";
import type { SessionPlan } from "./session-plan.ts";

/** Throws PUBLIC_WITHOUT_PASSWORD where others on the network could run code without logging in. */
export function requireProtection(
  { runsCode, isProtected }: RunningService,
  { host, share }: SessionPlan,
): void {
  if (host === "127.0.0.1" || !runsCode || isProtected || share.isPublicByIntent) return;
  throw new ColabCodeError(
    "PUBLIC_WITHOUT_PASSWORD",
    `Not at ${host}: whoever reached it could run code here without a password.`,
    {
      hint: "Leave out the empty password or token, and one is made for you; or say --i-know-this-is-public.",
    },
  );
}
