import { homedir } from "node:os";
import { resolve } from "node:path";

/** The absolute path of a model's file; `~` is the user's folder. */
export function modelPath(path: string): string {
  return resolve(path.replace(/^~(?=$|[\\/])/, homedir()));
}
