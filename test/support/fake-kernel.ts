import { readConnection } from "../../kernel/protocol/connection.ts";
import { historyFolder } from "../../kernel/server/history-folder.ts";
import { KernelServer } from "../../kernel/server/kernel-server.ts";
import { bindLifetime } from "../../kernel/server/lifetime.ts";
import { fakeLanguage } from "./fake-language.ts";
import { startFakeRuntime } from "./fake-runtime.ts";

/** A program: the real server over the fake language and runtime. */
const starting = KernelServer.start({
  connection: await readConnection(process.argv[2] ?? ""),
  loadLanguage: async () => fakeLanguage(),
  startRuntime: startFakeRuntime,
  runtime: { folder: process.cwd(), environment: process.env, extensions: [] },
  historyFolder: historyFolder(),
});
bindLifetime(starting);
await (await starting).ended;
process.exit(0);
