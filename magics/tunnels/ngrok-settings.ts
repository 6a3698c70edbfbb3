import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { ColabCodeError } from "../errors.ts";
import type { BindSettings, ConnectSettings } from "./ngrok-messages.ts";
import type { TunnelAccess, TunnelRequest } from "./tunnel.ts";

export const ngrokServer = "connect.ngrok-agent.com:443";

/** Checks and reads what the agent needs for its session; the native agent panics or hangs on bad values. */
export async function connectSettings(request: TunnelRequest): Promise<ConnectSettings> {
  const token = (request.token ?? "").trim();
  if (token === "") {
    throw new ColabCodeError("NO_TOKEN", "Sharing over ngrok needs an authtoken.", {
      hint: "Set NGROK_AUTHTOKEN (free at https://dashboard.ngrok.com/get-started/your-authtoken).",
    });
  }
  const serverAddress = request.environment.COLABCODE_NGROK_SERVER_ADDR || undefined;
  if (serverAddress !== undefined && !/^[\w.-]+:\d+$/.test(serverAddress)) {
    throw new ColabCodeError(
      "USAGE",
      `COLABCODE_NGROK_SERVER_ADDR is ${JSON.stringify(serverAddress)}, not HOST:PORT.`,
      { hint: "Give it without a scheme, e.g. 127.0.0.1:4443." },
    );
  }
  const caFile = request.environment.COLABCODE_NGROK_CA || undefined;
  return { token, serverAddress, caPem: caFile === undefined ? undefined : await readCa(caFile) };
}

/** Checks what a tunnel is asked to be. */
export function bindSettings(request: TunnelRequest): Omit<BindSettings, "id"> {
  return {
    port: request.port,
    domain: request.domain === undefined ? undefined : checkDomain(request.domain),
    auth: request.auth === undefined ? undefined : splitAuth(request.auth),
    access: request.access === undefined ? undefined : checkAccess(request.access),
  };
}

function checkDomain(domain: string): string {
  const name = domain.replace(/^https?:\/\//, "").replace(/\/$/, "");
  if (/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(name)) return name;
  throw new ColabCodeError("USAGE", `${JSON.stringify(domain)} is not a domain.`, {
    hint: "Give a name such as my-app.ngrok-free.app; https://dashboard.ngrok.com/domains shows yours.",
  });
}

/** Splits at the first colon. The messages hold neither part. */
function splitAuth(auth: string): { user: string; password: string } {
  const colon = auth.indexOf(":");
  const user = auth.slice(0, Math.max(colon, 0));
  const password = auth.slice(colon + 1);
  const hint = "Give --auth USER:PASSWORD with a password of 8 to 128 characters.";
  if (colon < 1) {
    throw new ColabCodeError("USAGE", "--auth has no user name before a colon.", { hint });
  }
  if (password.length < 8 || password.length > 128) {
    const message = `The password in --auth has ${password.length} characters; ngrok takes 8 to 128.`;
    throw new ColabCodeError("USAGE", message, { hint });
  }
  return { user, password };
}

const oauthProviders = [
  "amazon",
  "facebook",
  "github",
  "gitlab",
  "google",
  "linkedin",
  "microsoft",
  "twitch",
];

function checkAccess(access: TunnelAccess): TunnelAccess {
  for (const cidr of [...(access.allowCidrs ?? []), ...(access.denyCidrs ?? [])]) {
    const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(cidr) ?? [];
    const version = isIP(address);
    if (version === 0 || Number(bits) > (version === 4 ? 32 : 128)) {
      const message = `${JSON.stringify(cidr)} is not a network.`;
      throw new ColabCodeError("USAGE", message, { hint: "Write it like 203.0.113.0/24." });
    }
  }
  const provider = access.oauth?.provider;
  if (provider !== undefined && !oauthProviders.includes(provider)) {
    const message = `ngrok knows no OAuth provider ${JSON.stringify(provider)}.`;
    throw new ColabCodeError("USAGE", message, { hint: `Use ${oauthProviders.join(", ")}.` });
  }
  if (access.trafficPolicy?.trim() === "") {
    throw new ColabCodeError("USAGE", "The traffic policy is empty.", {
      hint: "See https://ngrok.com/docs/traffic-policy for what it may hold.",
    });
  }
  return access;
}

async function readCa(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new ColabCodeError("NO_SUCH_FILE", `COLABCODE_NGROK_CA: ${file} cannot be read.`, {
      hint: "Name a file with the CA certificate as PEM text.",
      cause,
    });
  });
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new ColabCodeError("NO_SUCH_FILE", `COLABCODE_NGROK_CA: ${file} holds no certificate.`, {
    hint: "Name a file with the CA certificate as PEM text.",
  });
}
