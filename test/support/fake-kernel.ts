import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConnection } from "../../kernel/protocol/connection.ts";
import { KernelServer } from "../../kernel/server/kernel-server.ts";
import { fakeLanguage } from "./fake-language.ts";
import { startFakeRuntime } from "./fake-runtime.ts";

/** A program: the real server over the fake language and runtime. */
const server = await KernelServer.start({
  connection: await readConnection(process.argv[2] ?? ""),
  loadLanguage: async () => fakeLanguage(),
  startRuntime: startFakeRuntime,
  runtime: { folder: process.cwd(), environment: process.env, extensions: [] },
  historyFolder: process.env.FAKE_HISTORY ?? (await mkdtemp(join(tmpdir(), "history-"))),
});
await server.ended;
process.exit(0);
