import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Makes an end for a server: requests under way may finish within `graceMs`, then sockets are cut. */
export function makeServerEnd(server: Server, graceMs: number): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  let ending: Promise<void> | undefined;
  return () => {
    ending ??= new Promise((resolve) => {
      // Upgraded connections are no longer the server's, but hold it open for us.
      const cut = () => {
        for (const socket of sockets) socket.destroy();
      };
      const timer = setTimeout(cut, graceMs);
      server.close(() => {
        clearTimeout(timer);
        cut();
        resolve();
      });
      server.closeIdleConnections();
    });
    return ending;
  };
}
