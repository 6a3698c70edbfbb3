import { once } from "node:events";
import http from "node:http";
import { type AddressInfo, BlockList, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { streamTypes } from "./session.ts";
import type { MuxadoStream } from "./stream.ts";
import type { BoundTunnel } from "./tunnel-table.ts";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  status: number | undefined;
}

export interface EdgeOptions {
  /** The tunnel of this door; undefined while nothing is bound. */
  readonly tunnel: () => BoundTunnel | undefined;
  readonly seen: (request: SeenRequest) => void;
  /** Shows browsers the page that free accounts get before the app. */
  readonly hasInterstitial: () => boolean;
}

/** A public door: an HTTP server on 127.0.0.1 that passes requests on to one tunnel's agent. */
export async function openEdge(options: EdgeOptions, port = 0): Promise<http.Server> {
  const server = http.createServer({ keepAliveTimeout: 1_000 }, (request, response) => {
    void serve(request, response, options).catch(() => response.destroy());
  });
  server.on("upgrade", (request: http.IncomingMessage, socket: Socket, head: Buffer) => {
    void upgrade(request, { socket, head }, options).catch(() => socket.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

export function portOf(server: http.Server): number {
  // A listening TCP server has an address of this shape.
  return (server.address() as AddressInfo).port;
}

async function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  options: EdgeOptions,
): Promise<void> {
  const seen = note(request, options);
  const tunnel = options.tunnel();
  const refusal = refuse(request, tunnel, options);
  if (refusal !== undefined || tunnel === undefined) {
    seen.status = refusal?.status;
    response.writeHead(refusal?.status ?? 500, refusal?.headers);
    response.end(refusal?.body);
    return;
  }
  const stream = await openStream(request, tunnel);
  const proxied = http.request({
    // A Duplex with a socket's methods is all that http.request uses.
    createConnection: () => stream as unknown as Socket,
    method: request.method,
    path: request.url,
    headers: forwardedHeaders(request, "close"),
    setHost: false,
  });
  response.on("close", () => stream.destroy());
  proxied.on("error", () => {
    if (response.headersSent) return response.destroy();
    seen.status = 502;
    response.writeHead(502, { "ngrok-error-code": "ERR_NGROK_8012" });
    response.end("the agent did not answer");
  });
  proxied.on("response", (answer) => {
    seen.status = answer.statusCode;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answerHeaders(answer));
    response.flushHeaders();
    answer.on("error", () => response.destroy());
    answer.on("aborted", () => response.destroy());
    answer.pipe(response);
  });
  request.pipe(proxied);
}

async function upgrade(
  request: http.IncomingMessage,
  { socket, head }: { socket: Socket; head: Buffer },
  options: EdgeOptions,
): Promise<void> {
  const seen = note(request, options);
  const tunnel = options.tunnel();
  const refusal = refuse(request, tunnel, options);
  if (refusal !== undefined || tunnel === undefined) {
    seen.status = refusal?.status;
    socket.end(`HTTP/1.1 ${refusal?.status} Refused\r\nConnection: close\r\n\r\n`);
    return;
  }
  const stream = await openStream(request, tunnel);
  const headers = forwardedHeaders(request, "Upgrade");
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => `${name}: ${each}\r\n`),
  );
  stream.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("")}\r\n`);
  stream.write(head);
  joinBoth(socket, stream);
}

function joinBoth(socket: Duplex, stream: Duplex): void {
  for (const [from, to] of [
    [socket, stream],
    [stream, socket],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
}

function note(request: http.IncomingMessage, options: EdgeOptions): SeenRequest {
  const seen: SeenRequest = {
    method: request.method ?? "",
    path: request.url ?? "",
    host: request.headers.host ?? "",
    status: undefined,
  };
  options.seen(seen);
  return seen;
}

interface Refusal {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What the edge answers by itself; undefined where the request goes on to the agent. */
function refuse(
  request: http.IncomingMessage,
  tunnel: BoundTunnel | undefined,
  options: EdgeOptions,
): Refusal | undefined {
  if (tunnel?.session?.isOpen !== true) {
    const headers = { "ngrok-error-code": "ERR_NGROK_3200", "content-type": "text/plain" };
    return { status: 404, headers, body: "The endpoint is offline. ERR_NGROK_3200" };
  }
  if (!isAllowedAddress(request, tunnel) || isDeniedByPolicy(tunnel)) {
    const headers = { "ngrok-error-code": "ERR_NGROK_3205", "content-type": "text/plain" };
    return { status: 403, headers, body: "The address may not come in. ERR_NGROK_3205" };
  }
  if (tunnel.options.OAuth) {
    const location = `https://idp.ngrok.example/oauth2/${tunnel.options.OAuth.provider}`;
    return { status: 302, headers: { location }, body: "" };
  }
  if (!hasCredentials(request, tunnel)) {
    const headers = { "www-authenticate": 'Basic realm="ngrok"', "content-type": "text/plain" };
    return { status: 401, headers, body: "Unauthorized" };
  }
  const isBrowser = request.headers["user-agent"]?.startsWith("Mozilla/") === true;
  const skips = request.headers["ngrok-skip-browser-warning"] !== undefined;
  if (options.hasInterstitial() && isBrowser && !skips) {
    const headers = { "ngrok-error-code": "ERR_NGROK_6024", "content-type": "text/html" };
    return { status: 200, headers, body: "<h1>You are about to visit</h1> ERR_NGROK_6024" };
  }
  return undefined;
}

function hasCredentials(request: http.IncomingMessage, tunnel: BoundTunnel): boolean {
  const credentials = tunnel.options.BasicAuth?.credentials ?? [];
  if (credentials.length === 0) return true;
  return credentials.some(({ username, cleartext_password }) => {
    const expected = Buffer.from(`${username}:${cleartext_password}`).toString("base64");
    return request.headers.authorization === `Basic ${expected}`;
  });
}

function isAllowedAddress(request: http.IncomingMessage, tunnel: BoundTunnel): boolean {
  const { allow_cidrs = [], deny_cidrs = [] } = tunnel.options.IPRestriction ?? {};
  const address = request.socket.remoteAddress ?? "";
  return (
    (allow_cidrs.length === 0 || listOf(allow_cidrs).check(address)) &&
    !listOf(deny_cidrs).check(address)
  );
}

function listOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", bits] = cidr.split("/");
    list.addSubnet(network, Number(bits), network.includes(":") ? "ipv6" : "ipv4");
  }
  return list;
}

/** As much of a traffic policy as tests use: an action `deny` without a condition. */
function isDeniedByPolicy(tunnel: BoundTunnel): boolean {
  return /type"?: ?"?deny/.test(tunnel.options.TrafficPolicy ?? "");
}

async function openStream(
  request: http.IncomingMessage,
  tunnel: BoundTunnel,
): Promise<MuxadoStream> {
  const header = Buffer.from(
    JSON.stringify({
      Id: tunnel.id,
      ClientAddr: `${request.socket.remoteAddress}:${request.socket.remotePort}`,
      Proto: tunnel.proto,
      EdgeType: "0",
      PassthroughTLS: false,
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigInt64LE(BigInt(header.length));
  if (tunnel.session === undefined) throw new Error(`no agent for type ${streamTypes.proxy}`);
  return tunnel.session.openProxy(Buffer.concat([length, header]));
}

function forwardedHeaders(
  request: http.IncomingMessage,
  connection: string,
): http.OutgoingHttpHeaders {
  const headers: http.OutgoingHttpHeaders = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (!["connection", "keep-alive", "proxy-connection"].includes(name)) headers[name] = values;
  }
  headers["x-forwarded-for"] = request.socket.remoteAddress;
  headers["x-forwarded-proto"] = "https";
  headers["x-forwarded-host"] = request.headers.host;
  headers.connection = connection;
  return headers;
}

function answerHeaders(answer: http.IncomingMessage): http.OutgoingHttpHeaders {
  const headers: http.OutgoingHttpHeaders = {};
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    if (!["connection", "keep-alive", "transfer-encoding"].includes(name)) headers[name] = values;
  }
  return headers;
}
