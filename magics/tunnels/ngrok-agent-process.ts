import {
  type HttpListenerBuilder,
  type Listener,
  type Session,
  SessionBuilder,
} from "@ngrok/ngrok";
import {
  type AgentCall,
  type AgentFailure,
  type AgentMessage,
  type BindSettings,
  type ConnectSettings,
  heartbeatIntervalMs,
  heartbeatToleranceMs,
} from "./ngrok-messages.ts";
import type { TunnelAccess } from "./tunnel.ts";

/**
 * The program that holds the native agent: one session, many tunnels. It lives exactly as long as
 * the channel to its parent.
 */
let session: Session | undefined;
const listeners = new Map<string, Promise<Listener>>();

process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// Interrupts are for the cell that runs; front ends send them to the whole process group.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.on("message", (call: AgentCall) => void answer(call));

function tell(message: AgentMessage): void {
  if (process.connected) process.send?.(message);
}

async function answer(call: AgentCall): Promise<void> {
  try {
    const url = await perform(call);
    tell({ type: "done", call: call.call, ...(url === undefined ? {} : { url }) });
  } catch (error) {
    tell({ type: "failed", call: call.call, failure: describe(error) });
  }
}

async function perform(call: AgentCall): Promise<string | undefined> {
  switch (call.type) {
    case "connect":
      return connect(call);
    case "bind":
      return bind(call);
    case "unbind":
      return unbind(call.id);
  }
}

async function connect(settings: ConnectSettings): Promise<undefined> {
  const builder = new SessionBuilder()
    .authtoken(settings.token)
    .clientInfo("colabcode", "1")
    // These two take seconds.
    .heartbeatInterval(heartbeatIntervalMs / 1000)
    .heartbeatTolerance(heartbeatToleranceMs / 1000);
  if (settings.serverAddress !== undefined) builder.serverAddr(settings.serverAddress);
  if (settings.caPem !== undefined) builder.caCert(Buffer.from(settings.caPem));
  builder.handleDisconnection(() => {
    tell({ type: "disconnected" });
    return true;
  });
  // A missed echo comes as null, which the library's types do not say.
  builder.handleHeartbeat((latency: number | null) => {
    tell({ type: "heartbeat", isAnswered: latency !== null });
  });
  session = await builder.connect();
}

async function bind({ id, port, domain, auth, access }: BindSettings): Promise<string> {
  if (session === undefined) throw new Error("there is no session");
  const builder = session.httpEndpoint();
  if (domain !== undefined) builder.domain(domain);
  if (auth !== undefined) builder.basicAuth(auth.user, auth.password);
  if (access !== undefined) restrict(builder, access);
  const opening = builder.listenAndForward(`http://127.0.0.1:${port}`);
  listeners.set(id, opening);
  opening.catch(() => listeners.delete(id));
  const listener = await opening;
  const url = listener.url();
  if (url === null) throw new Error("the service gave no URL");
  listener.join().then(
    () => stopped(id, "it ended"),
    (error: unknown) => stopped(id, describe(error).message),
  );
  return url;
}

function restrict(builder: HttpListenerBuilder, access: TunnelAccess): void {
  for (const cidr of access.allowCidrs ?? []) builder.allowCidr(cidr);
  for (const cidr of access.denyCidrs ?? []) builder.denyCidr(cidr);
  if (access.trafficPolicy !== undefined) builder.trafficPolicy(access.trafficPolicy);
  const { provider, emails = [], domains = [] } = access.oauth ?? {};
  if (provider !== undefined) builder.oauth(provider, [...emails], [...domains]);
}

function stopped(id: string, reason: string): void {
  if (listeners.delete(id)) tell({ type: "stopped", id, reason });
}

/** Also takes back a tunnel that is still being bound. */
async function unbind(id: string): Promise<undefined> {
  const opening = listeners.get(id);
  listeners.delete(id);
  const listener = await opening?.catch(() => undefined);
  await listener?.close();
}

function describe(error: unknown): AgentFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: /ERR_NGROK_\d+/.exec(message)?.[0], message };
}
