import { startLanguageProcess } from "../language/language-process.ts";
import type { KernelServer } from "./kernel-server.ts";
import { bindLifetime } from "./lifetime.ts";
import { log } from "./log.ts";

/** Serves the kernel of a connection file until it is shut down; resolves with the exit code. */
export async function serve(connectionFile: string): Promise<number> {
  const starting = start(connectionFile, process.cwd());
  bindLifetime(starting);
  process.on("uncaughtException", (error) => log(`An error nobody caught: ${error.stack}`));
  process.on("unhandledRejection", (reason) => log(`A rejection nobody caught: ${String(reason)}`));
  await (await starting).ended;
  return 0;
}

async function start(connectionFile: string, folder: string): Promise<KernelServer> {
  // The slowest to start begins first, beside all that this process still has to load.
  const language = startLanguageProcess(folder);
  const { readConnection } = await import("../protocol/connection.ts");
  const connection = await readConnection(connectionFile);
  const { startRuntime } = await import("../runtime/runtime-process.ts");
  const { historyFolder } = await import("./history-folder.ts");
  const { KernelServer: Server } = await import("./kernel-server.ts");
  return Server.start({
    connection,
    loadLanguage: () => Promise.resolve(language),
    startRuntime,
    runtime: { folder, environment: process.env, extensions: ["colabcode"] },
    historyFolder: historyFolder(),
  });
}
