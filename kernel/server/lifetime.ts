import type { KernelServer } from "./kernel-server.ts";
import { watchParent } from "./parent-watch.ts";

/**
 * Lets the outside act on the server that `starting` gives: SIGINT interrupts, as front ends whose
 * interrupt_mode is "signal" send it to the whole process group; SIGTERM, SIGHUP and the end of
 * the program named by JPY_PARENT_PID shut down.
 */
export function bindLifetime(
  starting: Promise<KernelServer>,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  // A server that cannot start ends the process anyway.
  const act = (action: (server: KernelServer) => Promise<void>) =>
    void starting.then(action, () => {});
  const shutdown = () => act((server) => server.shutdown());
  process.on("SIGINT", () => act((server) => server.interrupt()));
  process.on("SIGTERM", shutdown);
  process.on("SIGHUP", shutdown);
  const parent = Number(environment.JPY_PARENT_PID);
  if (parent > 1) watchParent(parent, shutdown);
}
