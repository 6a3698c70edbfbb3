import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ColabCodeError } from "../errors.ts";
import { findProgram } from "../services/find-program.ts";
import { lastWords } from "./command-tunnel.ts";
import { helperEnvironment } from "./helper-environment.ts";
import {
  openProgramTunnel,
  type ProgramTimes,
  programTimes,
  type TunnelProgram,
} from "./program-tunnel.ts";
import { refuseAccessRules } from "./refuse-access-rules.ts";
import type { TunnelProvider, TunnelRequest } from "./tunnel.ts";

const quickUrl = /https:\/\/(?!api\.)[\w-]+\.trycloudflare\.com/;

/** Cloudflare's own program: a quick tunnel without an account, or a named one with TUNNEL_TOKEN and a domain. */
export function cloudflaredProvider(times: ProgramTimes = programTimes): TunnelProvider {
  return {
    name: "cloudflared",
    // Only when asked for by name: nobody with the program installed expects to become public.
    isAvailable: () => false,
    async open(request, signal) {
      refuseAccessRules(request, "cloudflared");
      const command = findProgram("cloudflared", { path: request.environment.PATH ?? "" });
      if (command === undefined) {
        throw new ColabCodeError("NOT_INSTALLED", "There is no program cloudflared.", {
          hint: "Get it from https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads/ and put it on PATH.",
        });
      }
      const make = () => plan(command, request);
      return openProgramTunnel(make, signal, times);
    },
  };
}

function plan(command: string, request: TunnelRequest): TunnelProgram {
  const token = request.environment.TUNNEL_TOKEN || undefined;
  const common = {
    provider: "cloudflared",
    command,
    environment: helperEnvironment({ ...process.env, ...request.environment }),
    explain: (lines: readonly string[], reason: string) => ({
      sentence: `cloudflared ${reason}. ${lastWords(lines)}`,
      hint: "Check the network: cloudflared needs outgoing port 7844.",
    }),
  };
  if (token === undefined) {
    return {
      ...common,
      args: ["tunnel", "--no-autoupdate", "--url", `http://127.0.0.1:${request.port}`],
      findUrl: (lines) => quickUrl.exec(lines.join("\n"))?.[0],
    };
  }
  const { domain } = request;
  if (domain === undefined) {
    throw new ColabCodeError("USAGE", "A named Cloudflare tunnel needs its host name.", {
      hint: "Give --domain with the public host name of the tunnel that TUNNEL_TOKEN belongs to.",
    });
  }
  // A file that only this user can read: arguments and environments show in process lists.
  const file = join(tmpdir(), `colabcode-cloudflared-${randomUUID()}`, "token");
  return {
    ...common,
    args: ["tunnel", "--no-autoupdate", "run", "--token-file", file],
    secrets: [token],
    privateFiles: { [file]: token },
    findUrl: (lines) =>
      lines.some((line) => line.includes("Registered tunnel connection"))
        ? `https://${domain}`
        : undefined,
  };
}
