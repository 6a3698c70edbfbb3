/** Installs something slow into the cache given as its first argument and says how it went. */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ensureInstalled } from "../../magics/install/installation.ts";

const [cache = "", buildMs = "0"] = process.argv.slice(2);
const folder = await ensureInstalled(
  {
    name: "thing",
    title: "thing",
    version: "1",
    async build(target) {
      appendFileSync(join(cache, "builds"), "built\n");
      console.log("building");
      await delay(Number(buildMs));
      writeFileSync(join(target, "content"), "complete");
    },
  },
  { signal: new AbortController().signal, onProgress: (text) => console.log(text) },
  cache,
);
console.log(`installed ${folder}`);
