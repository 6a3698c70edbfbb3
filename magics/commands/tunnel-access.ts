import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ColabCodeError } from "../errors.ts";
import type { TunnelAccess } from "../tunnels/tunnel.ts";
import type { SessionOptions } from "./session-options.ts";

type AccessOptions = Pick<SessionOptions, "oauth" | "oauthAllow" | "allowCidr" | "trafficPolicy">;

/** Who may come in, as the options say; undefined where they say nothing. Throws USAGE or NO_SUCH_FILE. */
export async function tunnelAccess(
  { oauth, oauthAllow = [], allowCidr, trafficPolicy }: AccessOptions,
  folder: string,
): Promise<TunnelAccess | undefined> {
  if (oauth === undefined && oauthAllow.length > 0) {
    throw new ColabCodeError("USAGE", "--oauth-allow goes with --oauth.", {
      hint: "Say with whom visitors log in, e.g. --oauth google.",
    });
  }
  const access: TunnelAccess = {
    ...(oauth === undefined
      ? {}
      : {
          oauth: {
            provider: oauth,
            emails: oauthAllow.filter((text) => text.includes("@")),
            domains: oauthAllow.filter((text) => !text.includes("@")),
          },
        }),
    ...(allowCidr === undefined ? {} : { allowCidrs: allowCidr }),
    ...(trafficPolicy === undefined
      ? {}
      : { trafficPolicy: await readPolicy(resolve(folder, trafficPolicy)) }),
  };
  return Object.keys(access).length === 0 ? undefined : access;
}

async function readPolicy(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new ColabCodeError("NO_SUCH_FILE", `The traffic policy ${path} cannot be read.`, {
      cause,
    });
  }
}
