import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { TunnelProvider, TunnelRequest } from "../../magics/tunnels/tunnel.ts";

/** One provider with all that it needs on loopback. */
export interface TunnelBench extends AsyncDisposable {
  readonly provider: TunnelProvider;
  /** What a tunnel to `port` is asked with. */
  request(port: number): TunnelRequest;
  /** Descriptors that the bench itself holds in this process. */
  descriptors?(): number;
  /** File of a module whose `makeProvider()` gives the same provider in a process of its own. */
  readonly module: URL;
}

/** A local service of which a tunnel makes a URL. */
export interface LocalService extends AsyncDisposable {
  readonly port: number;
}

/** Answers `hello`; `GET /n` answers n; POST echoes the body. */
export async function startLocalService(handler?: http.RequestListener): Promise<LocalService> {
  const server = http.createServer(
    handler ??
      ((request, response) => {
        if (request.method === "POST") request.pipe(response);
        else response.end(request.url === "/" ? "hello" : request.url?.slice(1));
      }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    // A listening TCP server has an address of this shape.
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Resolves when `condition` holds; rejects after `timeoutMs` with `what`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** True while there is a process of that id that is not a zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return stat === undefined || !/\) Z /.test(stat);
}
