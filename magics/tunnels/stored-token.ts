import { mkdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { explainFullDisk } from "../full-disk.ts";
import { writeWhole } from "../write-whole.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where `colabcode auth` keeps the token: a file that only its user can read. */
export function storedTokenFile(environment: Environment, home = homedir()): string {
  const { XDG_CONFIG_HOME = "", APPDATA = "" } = environment;
  const fallback = process.platform === "win32" && APPDATA !== "" ? APPDATA : join(home, ".config");
  return join(XDG_CONFIG_HOME || fallback, "colabcode", "auth.json");
}

/** The token that was stored; undefined where there is none. */
export async function readStoredToken(file: string): Promise<string | undefined> {
  try {
    const stored: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof stored !== "object" || stored === null || !("ngrok" in stored)) return undefined;
    return typeof stored.ngrok === "string" ? stored.ngrok : undefined;
  } catch {
    return undefined; // No file, or not ours: as if nothing were stored.
  }
}

/** Keeps the token; nobody but the user may read it. One stored before stays when that fails. */
export async function storeToken(file: string, token: string): Promise<void> {
  const failed = `The token is not stored in ${file}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explainFullDisk(error, failed, "Make room and try again.");
  }
  await writeWhole(file, `${JSON.stringify({ ngrok: token })}\n`, { failed, mode: 0o600 });
}

export async function removeStoredToken(file: string): Promise<void> {
  await rm(file, { force: true });
}
