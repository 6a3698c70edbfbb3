import { join } from "node:path";
import type { Language } from "../language/language.ts";
import { readConnection } from "../protocol/connection.ts";
import type { StartRuntime } from "../runtime/runtime.ts";
import { KernelServer } from "./kernel-server.ts";
import { log } from "./log.ts";
import { watchParent } from "./parent-watch.ts";
import { userFolder } from "./user-folder.ts";

/** Serves the kernel of a connection file until it is shut down; resolves with the exit code. */
export async function serve(connectionFile: string): Promise<number> {
  const folder = process.cwd();
  const server = await KernelServer.start({
    connection: await readConnection(connectionFile),
    loadLanguage: () => loadLanguage(folder),
    startRuntime: async (options) => (await loadRuntime())(options),
    runtime: { folder, environment: process.env, extensions: ["colabcode"] },
    historyFolder: join(userFolder(), "history"),
  });
  // A front end whose interrupt_mode is "signal" sends SIGINT to the whole process group.
  process.on("SIGINT", () => void server.interrupt());
  process.on("SIGTERM", () => void server.shutdown());
  process.on("SIGHUP", () => void server.shutdown());
  process.on("uncaughtException", (error) => log(`An error nobody caught: ${error.stack}`));
  process.on("unhandledRejection", (reason) => log(`A rejection nobody caught: ${String(reason)}`));
  const parent = Number(process.env.JPY_PARENT_PID);
  if (parent > 1) watchParent(parent, () => void server.shutdown());
  await server.ended;
  return 0;
}

async function loadLanguage(folder: string): Promise<Language> {
  const { createLanguage } = await import("../language/tslab-language.ts");
  return createLanguage({ folder });
}

async function loadRuntime(): Promise<StartRuntime> {
  const path: string = "../runtime/runtime-process.js";
  return (await import(path)).startRuntime;
}
