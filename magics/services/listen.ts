import type { Server } from "node:http";
import { ColabCodeError } from "../errors.ts";
import type { BindHost } from "./bind-host.ts";
import { portInUse } from "./port-holder.ts";

/** Listens, on the loopback address unless told otherwise, and gives the port; rejects with PORT_IN_USE that names the holder. */
export async function listenOn(
  server: Server,
  port: number,
  host: BindHost = "127.0.0.1",
): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    throw await listenFailure(port, error);
  }
  const address = server.address();
  if (typeof address === "object" && address !== null) return address.port;
  throw new ColabCodeError("SERVICE_FAILED", "The server has no port.");
}

/** Why a port could not be bound, for the person who chose it. */
export async function listenFailure(port: number, cause: unknown): Promise<ColabCodeError> {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  if (code === "EADDRINUSE") return portInUse(port, cause);
  if (code === "EACCES") {
    return new ColabCodeError("SERVICE_FAILED", `This user may not listen on port ${port}.`, {
      hint: "Choose a port from 1024 on with --port, or --port 0 for a free one.",
      cause,
    });
  }
  return new ColabCodeError("SERVICE_FAILED", `Port ${port} could not be opened (${code}).`, {
    cause,
  });
}
