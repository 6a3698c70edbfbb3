import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../magics/install/cache.ts";
import { repositoryRoot } from "./repository-root.ts";

/** The first Node that is supported and the newest of each later line, as the set-up installed them. */
export const nodeVersions = JSON.parse(
  readFileSync(join(repositoryRoot, "test", "node-versions.json"), "utf8"),
) as readonly string[]; // Its one line is a list of them.

/** The program of one of `nodeVersions`. */
export function nodeProgram(version: string): string {
  return join(cacheFolder(), "test-nodes", "node_modules", `node-${version}`, "bin", "node");
}
