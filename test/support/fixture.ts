import { fileURLToPath } from "node:url";

/** The path of a file in test/fixtures. Compiled tests lie in dist/, fixtures do not. */
export function fixture(path: string): string {
  return fileURLToPath(new URL(`../../../test/fixtures/${path}`, import.meta.url));
}
