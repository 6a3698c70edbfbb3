import { createHash } from "node:crypto";
import type { CellInfo, Host } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import { explainFullDisk } from "../full-disk.ts";
import { parseBindHost } from "../services/bind-host.ts";
import type { Service } from "../services/service.ts";
import type { TunnelWish } from "../tunnels/providers.ts";
import type { TunnelAccess, TunnelProvider } from "../tunnels/tunnel.ts";
import { parseDuration } from "./duration.ts";
import { flushCard, showLiveCard } from "./live-card.ts";
import type { Session } from "./session.ts";
import { currentSessions, type Owner } from "./sessions.ts";

/** What commands and the ColabCode class ask for; what is left out comes from the environment. */
export interface OpenRequest {
  readonly kind: string;
  readonly service: Service;
  readonly port?: number | undefined;
  readonly defaultPort: number;
  readonly name?: string | undefined;
  readonly host?: string | undefined;
  readonly tunnel?: TunnelWish | TunnelProvider | undefined;
  readonly authtoken?: string | undefined;
  readonly domain?: string | undefined;
  readonly auth?: string | undefined;
  readonly access?: TunnelAccess | undefined;
  /** False leaves a proven link alone. */
  readonly probe?: boolean | undefined;
  readonly ttl?: string | undefined;
  readonly idle?: string | undefined;
  readonly isPublicByIntent?: boolean;
}

/**
 * Opens a session for the running cell and shows its card; resolves when its link is proven. Options
 * left out come from COLABCODE_PORT and COLABCODE_TUNNEL, then defaults.
 */
export async function openSession(
  request: OpenRequest,
  host: Host,
  cell: CellInfo | undefined,
  signal: AbortSignal,
): Promise<Session> {
  const environment = process.env;
  const port = request.port ?? portFrom(environment["COLABCODE_PORT"]) ?? request.defaultPort;
  const owner: Owner = { cellId: cell?.cellId, executionCount: cell?.executionCount };
  const name = request.name ?? defaultName(request.kind, port, cell);
  const { tunnel } = request;
  const wanted = typeof tunnel === "object" ? tunnel.name : tunnel;
  const sessions = currentSessions();
  let shown: Session | undefined;
  try {
    return await sessions.open(
      name,
      {
        kind: request.kind,
        service: request.service,
        port,
        host: parseBindHost(request.host ?? "127.0.0.1"),
        share: {
          wanted: wanted ?? environment["COLABCODE_TUNNEL"] ?? "auto",
          provider: typeof tunnel === "object" ? tunnel : undefined,
          token: request.authtoken,
          askToken: host.input.isAllowed
            ? (prompt) => host.input.ask(prompt, { password: true, signal })
            : undefined,
          domain: request.domain ?? environment["NGROK_DOMAIN"],
          auth: request.auth,
          access: request.access,
          isProbed: request.probe ?? true,
          isPublicByIntent: request.isPublicByIntent ?? false,
          environment,
        },
        ttlMs: request.ttl === undefined ? undefined : parseDuration(request.ttl, "--ttl"),
        idleMs: request.idle === undefined ? undefined : parseDuration(request.idle, "--idle"),
        endsWith: endsWith(name, cell),
      },
      {
        owner,
        signal,
        onSession: (session) => {
          shown = session;
          showLiveCard(session, host);
        },
      },
    );
  } catch (error) {
    throw explainFullDisk(
      error,
      `The session ${name} did not start`,
      "Make room, or set TMPDIR and COLABCODE_CACHE to folders on another disk.",
    );
  } finally {
    if (shown !== undefined) await flushCard(shown);
  }
}

function defaultName(kind: string, port: number, cell: CellInfo | undefined): string {
  if (port !== 0) return `${kind}-${port}`;
  if (cell?.cellId === undefined) return `${kind}-free`;
  // Two cells that each ask for a free port are two sessions.
  return `${kind}-${createHash("sha256").update(cell.cellId).digest("hex").slice(0, 6)}`;
}

function endsWith(name: string, cell: CellInfo | undefined): string {
  if (cell === undefined) return "Ctrl-C";
  const place = cell.cellId === undefined ? "the kernel" : `cell [${cell.executionCount}]`;
  return `${place}, or \`%colabcode stop ${name}\``;
}

function portFrom(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new ColabCodeError("USAGE", `COLABCODE_PORT "${text}" is not a port.`, {
    hint: "Give a number from 0 to 65535.",
  });
}
