import { dirname, join } from "node:path";
import { readConnection } from "../../kernel/protocol/connection.ts";
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
  // Beside the connection file, which its owner removes.
  historyFolder: process.env.FAKE_HISTORY ?? join(dirname(process.argv[2] ?? ""), "history"),
});
bindLifetime(starting);
await (await starting).ended;
process.exit(0);
