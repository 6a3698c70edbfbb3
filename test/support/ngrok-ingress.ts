import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type http from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { makeCertificate } from "./ngrok-ingress/certificate.ts";
import { openEdge, portOf, type SeenRequest } from "./ngrok-ingress/edge.ts";
import { failure } from "./ngrok-ingress/errors.ts";
import { MuxadoSession, streamTypes } from "./ngrok-ingress/session.ts";
import { type BindOptions, type BoundTunnel, newId } from "./ngrok-ingress/tunnel-table.ts";

/** The token that an ingress started without `tokens` accepts. */
export const ingressToken = "2aTokenOfTheTests0123456789_7bOnlyForLoopback0123";

export interface IngressOptions {
  /** Tokens that are accepted; default: `ingressToken`. */
  readonly tokens?: readonly string[];
  /** Domains that belong to somebody else: binding them is ERR_NGROK_320. */
  readonly foreignDomains?: readonly string[];
}

interface AuthRequest {
  readonly ClientId: string;
  readonly Extra: { readonly AuthToken: string };
}

interface BindRequest {
  readonly Id: string;
  readonly Proto: string;
  readonly ForwardsTo: string;
  readonly Opts: BindOptions;
}

/**
 * An ngrok service of our own on loopback that the real agent connects to: certificates,
 * authentication, binding, proxying, heartbeats, and every fault that a test wants to see.
 */
export class Ingress implements AsyncDisposable {
  readonly #options: IngressOptions;
  readonly #folder: string;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<MuxadoSession>();
  readonly #bound = new Map<string, BoundTunnel>();
  readonly #doors = new Map<number, http.Server>();
  readonly #portOfDomain = new Map<string, number>();
  readonly #clients = new WeakMap<MuxadoSession, string>();
  #server: net.Server | undefined;
  #tls: tls.Server | undefined;

  /** PEM text and file of the certificate that the agent must trust. */
  caPem = "";
  readonly caFile: string;
  /** Every request that came to a public URL, in order. */
  readonly requests: SeenRequest[] = [];
  /** How often agents dialled, authenticated, bound and unbound. */
  readonly counts = { dials: 0, auths: 0, binds: 0, unbinds: 0 };
  /** The next calls of a kind fail with this code; undefined: they work. */
  readonly rejected: { auth?: string; bind?: string; unbind?: string } = {};
  /** What happens to connections: `silent` accepts and never speaks, `refusing` hangs up at once. */
  door: "open" | "silent" | "refusing" = "open";
  /** Shows browsers the page that free accounts get before the app. */
  hasInterstitial = false;

  constructor(folder: string, options: IngressOptions) {
    this.#folder = folder;
    this.#options = options;
    this.caFile = join(folder, "ca.pem");
  }

  async listen(): Promise<this> {
    const { key, certificate } = await makeCertificate();
    this.caPem = certificate;
    await writeFile(this.caFile, certificate);
    this.#tls = tls.createServer({ key, cert: certificate }, (socket) => this.#welcome(socket));
    this.#tls.on("tlsClientError", () => {});
    this.#server = net.createServer((socket) => this.#accept(socket));
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  /** What the agent dials, `127.0.0.1:PORT`. */
  get serverAddress(): string {
    // A listening TCP server has an address of this shape.
    return `127.0.0.1:${(this.#server?.address() as AddressInfo).port}`;
  }

  /** What makes ColabCode use this ingress. */
  get environment(): Record<string, string> {
    return {
      NGROK_AUTHTOKEN: this.#options.tokens?.[0] ?? ingressToken,
      COLABCODE_NGROK_SERVER_ADDR: this.serverAddress,
      COLABCODE_NGROK_CA: this.caFile,
    };
  }

  /** Agents that are connected and authenticated. */
  sessions(): readonly MuxadoSession[] {
    return [...this.#sessions].filter((session) => session.isOpen && this.#clients.has(session));
  }

  /** Tunnels that are bound and whose agent is there. */
  tunnels(): readonly BoundTunnel[] {
    return [...this.#bound.values()].filter((tunnel) => tunnel.session?.isServing);
  }

  /** Sockets that it holds in this process. */
  get descriptors(): number {
    return this.#sockets.size + this.#doors.size;
  }

  /** Cuts every agent's connection; they may come back at once. */
  dropSessions(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Stops reading and answering on every connection that is there, without closing it. */
  stall(): void {
    for (const session of this.#sessions) session.stall();
  }

  /** Ends a tunnel from the service's side, as the dashboard can. */
  stopTunnel(url: string): void {
    for (const tunnel of this.tunnels()) {
      if (tunnel.url !== url) continue;
      tunnel.session?.command(streamTypes.stopTunnel, {
        Id: tunnel.id,
        Message: "stopped by the test",
        ErrorCode: null,
      });
      this.#bound.delete(tunnel.id);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropSessions();
    for (const server of [...this.#doors.values(), this.#server]) {
      if (server === undefined || !server.listening) continue;
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #accept(socket: Socket): void {
    this.counts.dials++;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {}); // Agents are killed in tests; "close" is what counts.
    socket.on("close", () => this.#sockets.delete(socket));
    if (this.door === "refusing") socket.destroy();
    else if (this.door === "open") this.#tls?.emit("connection", socket);
  }

  #welcome(socket: tls.TLSSocket): void {
    const session = new MuxadoSession(socket, (type, request) =>
      this.#answer(session, type, request),
    );
    this.#sessions.add(session);
    session.onClose(() => {
      this.#sessions.delete(session);
      for (const tunnel of this.#bound.values()) {
        if (tunnel.session === session) tunnel.session = undefined;
      }
    });
  }

  #answer(session: MuxadoSession, type: number, request: unknown): unknown {
    // The agent of this version is the only client, so that its requests have these shapes.
    if (type === streamTypes.auth) return this.#authenticate(session, request as AuthRequest);
    if (!this.#clients.has(session)) return failure("ERR_NGROK_4018");
    if (type === streamTypes.bind) return this.#bind(session, request as BindRequest);
    if (type === streamTypes.unbind) return this.#unbind((request as { Id: string }).Id);
    return { Error: `no call of type ${type}` };
  }

  #authenticate(session: MuxadoSession, { ClientId, Extra }: AuthRequest): unknown {
    this.counts.auths++;
    const token = Extra.AuthToken;
    const code = this.rejected.auth ?? this.#refuseToken(token);
    if (code !== undefined) return failure(code, token);
    const clientId = ClientId === "" ? newId("client") : ClientId;
    this.#clients.set(session, clientId);
    return {
      Version: "3",
      ClientId: clientId,
      Extra: { Version: "prod", Region: "test", Cookie: newId("cookie"), AccountName: "tests" },
    };
  }

  #refuseToken(token: string): string | undefined {
    if ((this.#options.tokens ?? [ingressToken]).includes(token)) return undefined;
    if (token === "") return "ERR_NGROK_4018";
    return /^[0-9A-Za-z]{20,}_[0-9A-Za-z]{15,}$/.test(token) ? "ERR_NGROK_107" : "ERR_NGROK_105";
  }

  async #bind(session: MuxadoSession, request: BindRequest): Promise<unknown> {
    this.counts.binds++;
    const domain = request.Opts.Domain ?? "";
    if (this.rejected.bind !== undefined) return failure(this.rejected.bind);
    if (this.#options.foreignDomains?.includes(domain)) return failure("ERR_NGROK_320");
    const known = this.#bound.get(request.Id);
    const rival = this.tunnels().find((other) => other.options.Domain === domain);
    if (domain !== "" && rival !== undefined && rival !== known) return failure("ERR_NGROK_334");
    const tunnel = known ?? (await this.#newTunnel(request));
    tunnel.session = session;
    tunnel.options = request.Opts;
    this.#bound.set(tunnel.id, tunnel);
    return {
      Id: tunnel.id,
      URL: tunnel.url,
      Proto: tunnel.proto,
      Opts: { ...request.Opts, Domain: domain },
      Extra: { Token: tunnel.token },
    };
  }

  async #newTunnel(request: BindRequest): Promise<BoundTunnel> {
    const domain = request.Opts.Domain ?? "";
    const port = this.#portOf(domain) ?? (await this.#openDoor());
    if (domain !== "") this.#portOfDomain.set(domain, port);
    return {
      id: newId("tn"),
      token: newId("token"),
      url: `http://127.0.0.1:${port}`,
      port,
      proto: request.Proto,
      forwardsTo: request.ForwardsTo,
      options: request.Opts,
      session: undefined,
    };
  }

  /** A domain keeps its port, and an agent may ask for the name that a URL had before. */
  #portOf(domain: string): number | undefined {
    const port = Number(/^127\.0\.0\.1:(\d+)$/.exec(domain)?.[1]);
    return this.#portOfDomain.get(domain) ?? (this.#doors.has(port) ? port : undefined);
  }

  async #openDoor(): Promise<number> {
    const door = await openEdge({
      tunnel: () => this.tunnels().find((tunnel) => tunnel.port === port),
      seen: (request) => this.requests.push(request),
      hasInterstitial: () => this.hasInterstitial,
    });
    const port = portOf(door);
    this.#doors.set(port, door);
    return port;
  }

  #unbind(id: string): unknown {
    if (this.rejected.unbind !== undefined) return failure(this.rejected.unbind);
    if (!this.#bound.delete(id)) return failure("ERR_NGROK_333");
    this.counts.unbinds++;
    return {};
  }
}

/** Starts an ingress that real agents can connect to; it ends with the block that holds it. */
export async function startIngress(options: IngressOptions = {}): Promise<Ingress> {
  const folder = await mkdtemp(join(tmpdir(), "colabcode-ingress-"));
  return new Ingress(folder, options).listen();
}
