import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/** The file that running `command` would run, absolute; undefined where there is none. */
export function findProgram(
  command: string,
  options: { readonly path?: string; readonly folder?: string } = {},
): string | undefined {
  const { path = process.env["PATH"] ?? "", folder = process.cwd() } = options;
  if (isAbsolute(command)) return isExecutable(command) ? command : undefined;
  const isRelative = command.includes("/") || (process.platform === "win32" && /\\/.test(command));
  const folders = isRelative ? [folder] : path.split(delimiter).filter((entry) => entry !== "");
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat", ""] : [""];
  return folders
    .flatMap((entry) => endings.map((ending) => resolve(folder, join(entry, command + ending))))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
