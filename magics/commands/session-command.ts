import type { MagicCall } from "../../kernel/extension.ts";
import { type OpenRequest, openSession } from "../sessions/open-session.ts";
import type { Session } from "../sessions/session.ts";
import type { TunnelProvider } from "../tunnels/tunnel.ts";
import type { SessionOptions } from "./session-options.ts";
import { tunnelAccess } from "./tunnel-access.ts";

type Rest = Omit<OpenRequest, keyof SessionOptions>;

/** What every command that starts a session does with its common options; `--wait` keeps the cell busy. */
export async function runSession(
  options: SessionOptions,
  call: MagicCall,
  rest: Rest,
): Promise<Session> {
  if (options.authtoken !== undefined) {
    call.host.display.write(
      "stderr",
      "--authtoken puts the token into the notebook. Set NGROK_AUTHTOKEN instead, and clear this cell.\n",
    );
  }
  const { wait, tunnelCommand, oauth, oauthAllow, allowCidr, trafficPolicy, ...common } = options;
  const access = await tunnelAccess(
    { oauth, oauthAllow, allowCidr, trafficPolicy },
    call.host.folder,
  );
  const tunnel = await chosenTunnel(common.tunnel, tunnelCommand);
  const cell = call.cell.execution === 0 ? undefined : call.cell;
  const session = await openSession(
    { ...common, ...rest, access, tunnel },
    call.host,
    cell,
    call.signal,
  );
  if (wait) await waitForEnd(session, call.signal);
  return session;
}

async function chosenTunnel(
  tunnel: string | undefined,
  command: string | undefined,
): Promise<OpenRequest["tunnel"]> {
  if (command === undefined) return tunnel;
  const { commandProvider } = await import("../tunnels/command-tunnel.ts");
  const provider = commandProviders.get(command) ?? commandProvider(command);
  commandProviders.set(command, provider);
  return provider;
}

/** The same command is the same way to share: its link stays when the cell runs again. */
const commandProviders = new Map<string, TunnelProvider>();

/** Resolves when the session ended; an interrupt ends it. */
export async function waitForEnd(session: Session, signal: AbortSignal): Promise<void> {
  const onAbort = () => void session.end("interrupted");
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await session.ended;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  signal.throwIfAborted();
}
