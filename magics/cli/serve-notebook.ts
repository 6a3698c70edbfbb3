import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { ColabCodeError } from "../errors.ts";
import { listAllSessions } from "../sessions/session-socket.ts";
import { startKernelProgram } from "./kernel-program.ts";

export interface NotebookOptions {
  readonly port: number | undefined;
  readonly tunnel: string | undefined;
  readonly isJson: boolean;
}

type Found = Awaited<ReturnType<typeof listAllSessions>>;

/**
 * Runs the notebook in a kernel of its own and leaves up what it serves, until Ctrl-C or until
 * its last session has ended. Gives the exit code, 1 where a cell failed or nothing is served.
 */
export async function serveNotebook(path: string, options: NotebookOptions): Promise<number> {
  const { port, tunnel, isJson } = options;
  const before = new Set((await listAllSessions()).map(({ ownerPid }) => ownerPid));
  const program = startKernelProgram(["run", path, "--keep-alive"], {
    stdio: ["inherit", isJson ? "ignore" : "inherit", "inherit", "ipc"],
    environment: {
      ...process.env,
      ...(port === undefined ? {} : { COLABCODE_PORT: String(port) }),
      ...(tunnel === undefined ? {} : { COLABCODE_TUNNEL: tunnel }),
    },
  });
  const { child, exited } = program;
  const early = await Promise.race([exited, once(child, "message").then(() => undefined)]);
  if (early !== undefined) return early;
  try {
    const sessions = await sessionsOutside(before);
    if (sessions.length === 0) {
      throw new ColabCodeError("NO_APP", `${path} ran, but serves nothing.`, {
        hint: "Put %colabcode app into its last cell, or run it with colabcode run.",
      });
    }
    if (isJson) for (const session of sessions) console.log(JSON.stringify(session));
    return await untilEnded(before, exited);
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
}

async function untilEnded(before: ReadonlySet<number>, exited: Promise<number>): Promise<number> {
  for (;;) {
    const code = await Promise.race([exited, delay(1_000, undefined)]);
    if (code !== undefined) return code;
    if ((await sessionsOutside(before)).length === 0) return 0;
  }
}

/** Sessions of processes that were not there before. */
async function sessionsOutside(before: ReadonlySet<number>): Promise<Found> {
  return (await listAllSessions()).filter(({ ownerPid }) => !before.has(ownerPid));
}
