import { createServer } from "node:net";
import type { BindHost } from "./bind-host.ts";
import { portInUse } from "./port-holder.ts";

/** `port` if it can be listened on, a free one for 0. Rejects with who holds it. */
export async function claimPort(port: number, host: BindHost = "127.0.0.1"): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host, exclusive: true }, resolve);
    });
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : port;
  } catch (error) {
    // Errors of node:net carry a code.
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw await portInUse(port, error);
    throw error;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
