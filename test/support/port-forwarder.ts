import { once } from "node:events";
import net, { type AddressInfo } from "node:net";

/** Passes TCP connections on to a local port: the simplest tunnel there is. Ends with `signal`. */
export async function forwardPort(port: number, signal: AbortSignal): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const target = net.connect(port, "127.0.0.1");
    for (const [from, to] of [
      [socket, target],
      [target, socket],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  signal.addEventListener("abort", () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  // A listening TCP server has an address of this shape.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
