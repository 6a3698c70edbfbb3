import type { Language } from "../language/language.ts";
import { readConnection } from "../protocol/connection.ts";
import type { StartRuntime } from "../runtime/runtime.ts";
import { historyFolder } from "./history-folder.ts";
import { KernelServer } from "./kernel-server.ts";
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
  return KernelServer.start({
    connection: await readConnection(connectionFile),
    loadLanguage: () => loadLanguage(folder),
    startRuntime: async (options) => (await loadRuntime())(options),
    runtime: { folder, environment: process.env, extensions: ["colabcode"] },
    historyFolder: historyFolder(),
  });
}

async function loadLanguage(folder: string): Promise<Language> {
  const { createLanguage } = await import("../language/tslab-language.ts");
  return createLanguage({ folder });
}

async function loadRuntime(): Promise<StartRuntime> {
  return (await import("../runtime/runtime-process.ts")).startRuntime;
}
