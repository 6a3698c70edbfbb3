import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cloudflaredProvider } from "../../magics/tunnels/cloudflared.ts";
import type { TunnelProvider } from "../../magics/tunnels/tunnel.ts";
import type { TunnelBench } from "../contracts/tunnel-bench.ts";
import { freePort } from "./free-port.ts";

const program = fileURLToPath(new URL("./cloudflared-program.js", import.meta.url));

export const makeProvider = (): TunnelProvider =>
  cloudflaredProvider({ openMs: 8_000, retryMs: 100, attempts: 3 });

/** A program of cloudflared's name, first on PATH, and ports for its edges. */
export async function startCloudflaredBench(): Promise<TunnelBench> {
  const folder = await mkdtemp(join(tmpdir(), "colabcode-cloudflared-bench-"));
  const file = join(folder, "cloudflared");
  await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  await chmod(file, 0o755);
  const ports = await Promise.all(Array.from({ length: 8 }, freePort));
  let taken = 0;
  return {
    provider: makeProvider(),
    module: new URL(import.meta.url),
    request(port) {
      const edge = ports[taken++ % ports.length];
      const environment = {
        PATH: `${folder}:${process.env["PATH"]}`,
        TUNNEL_TOKEN: `${edge}:${port}`,
      };
      return { port, token: undefined, domain: `127.0.0.1:${edge}`, auth: undefined, environment };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
