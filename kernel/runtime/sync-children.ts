import childProcess from "node:child_process";

type Run = (...parameters: unknown[]) => unknown;

/**
 * Calls `onTurn` right before and after each synchronous child that writes to this process's own
 * stdout or stderr, so that its lines keep their place among those of the cell.
 */
export function watchSyncChildren(onTurn: () => void): void {
  const names = ["spawnSync", "execSync", "execFileSync"] as const;
  for (const name of names) {
    const original = childProcess[name] as Run;
    const watched: Run = (...parameters) => {
      if (!parameters.some(inheritsOutput)) return original(...parameters);
      onTurn();
      try {
        return original(...parameters);
      } finally {
        onTurn();
      }
    };
    Object.assign(childProcess, { [name]: watched });
  }
}

/** True for options whose `stdio` hands on file descriptor 1 or 2. */
function inheritsOutput(options: unknown): boolean {
  if (typeof options !== "object" || options === null || !("stdio" in options)) return false;
  const { stdio } = options;
  if (stdio === "inherit") return true;
  return Array.isArray(stdio) && [stdio[1], stdio[2]].some((each) => isInherited(each));
}

function isInherited(entry: unknown): boolean {
  return entry === "inherit" || entry === 1 || entry === 2;
}
