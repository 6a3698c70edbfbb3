import { listAllSessions, stopAnywhere } from "../sessions/session-socket.ts";
import { statusTable } from "../sessions/status-table.ts";

/** `colabcode status`: the sessions of all of this user's processes. */
export async function statusInTerminal(isJson: boolean): Promise<number> {
  const sessions = await listAllSessions();
  const rows = sessions.map((session) => ({ session, owner: `pid ${session.ownerPid}` }));
  console.log(isJson ? JSON.stringify(sessions) : statusTable(rows)["text/plain"]);
  return 0;
}

/** `colabcode stop`: ends them by name, the only one, or all. */
export async function stopFromTerminal(
  options: Readonly<Record<string, unknown>>,
  isJson: boolean,
): Promise<number> {
  const running = (await listAllSessions()).map(({ name }) => name);
  const name = options["session"] === undefined ? undefined : String(options["session"]);
  if (name === undefined && options["all"] !== true && running.length > 1) {
    console.error(`Which one? Running: ${running.join(", ")}. Or use --all.`);
    return 2;
  }
  const stopped = await stopAnywhere(name);
  if (isJson) console.log(JSON.stringify(stopped));
  else if (stopped.length > 0) console.log(`Stopped ${stopped.join(", ")}.`);
  else if (name === undefined) console.log("Nothing is running.");
  else console.error(`There is no session "${name}". Running: ${running.join(", ") || "nothing"}.`);
  return stopped.length === 0 && name !== undefined ? 1 : 0;
}
