import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

/** A folder without packages, as a new notebook has it: tslab reads every `@types` in reach. */
export function emptyFolder(): string {
  folder ??= mkdtempSync(join(tmpdir(), "colabcode-bench-"));
  process.once("exit", () => rmSync(folder ?? "", { recursive: true, force: true }));
  return folder;
}
