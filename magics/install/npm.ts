import { ColabCodeError } from "../errors.ts";
import { findProgram } from "../services/find-program.ts";
import { runTool, type ToolOptions } from "./tool.ts";

export interface NpmOptions
  extends Pick<ToolOptions, "task" | "folder" | "environment" | "signal"> {
  readonly args: readonly string[];
  /** How many packages have been fetched so far. */
  readonly onPackages: (count: number) => void;
}

/** Runs npm to its end, quietly, and counts the packages it fetches. */
export async function runNpm(options: NpmOptions): Promise<void> {
  const command = findNpm();
  const { onPackages, environment, args, ...rest } = options;
  await runTool({
    ...rest,
    command,
    args,
    environment: npmEnvironment(environment ?? process.env),
    onLine: packageCounter(onPackages),
  });
}

/** The npm on PATH, absolute. */
export function findNpm(): string {
  const npm = findProgram("npm");
  if (npm !== undefined) return npm;
  throw new ColabCodeError("NOT_INSTALLED", "npm is not on PATH.", {
    hint: "Install Node with npm, or put npm's folder on PATH.",
  });
}

/** `http` lines are the only sign of progress npm gives while it fetches. */
export function npmEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const outer = Object.entries(environment).filter(([name]) => !isOfOuterScript(name));
  return {
    ...Object.fromEntries(outer),
    npm_config_loglevel: "http",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
  };
}

/** What `npm start` sets for its script would steer an npm inside of it to the wrong project. */
function isOfOuterScript(name: string): boolean {
  return /^npm_(?:package_|lifecycle_|config_(?:local_prefix|prefix|global_prefix)$)/.test(name);
}

/** Gives a line reader that counts fetched package archives. */
export function packageCounter(onPackages: (count: number) => void): (line: string) => void {
  const seen = new Set<string>();
  return (line) => {
    const url = /^npm http (?:fetch GET 200|cache) (\S+\.tgz)\b/.exec(line)?.[1];
    if (url === undefined) return;
    const archive = url.slice(url.lastIndexOf("@") + 1);
    if (seen.has(archive)) return;
    seen.add(archive);
    onPackages(seen.size);
  };
}
