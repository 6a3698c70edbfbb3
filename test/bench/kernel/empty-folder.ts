import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

/** A folder without packages, as a new notebook has it: tslab reads every `@types` in reach. */
export function emptyFolder(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), "colabcode-bench-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return folder;
}
