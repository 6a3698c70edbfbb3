import { once } from "node:events";
import { createServer, type RequestListener } from "../../../magics/app/server.ts";

export interface Serving extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** Serves `app` on a free loopback port until the block ends. */
export async function serve(
  app: RequestListener,
  options: { readonly requestTimeoutMs?: number } = {},
): Promise<Serving> {
  const { server } = createServer(app, options);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  const { port } = address;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
