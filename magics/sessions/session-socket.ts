import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ColabCodeError } from "../errors.ts";
import { isFullDisk } from "../full-disk.ts";
import { type SessionSummary, sessionSummary } from "./session-view.ts";
import type { Sessions } from "./sessions.ts";

/**
 * Lets other processes of the same user see and stop the sessions of this one: a socket per
 * process in a folder that only the user can enter. One JSON line asks, one answers.
 */
type Question =
  | { readonly ask: "list" }
  | { readonly ask: "stop"; readonly name: string | undefined };

/** Answers for `sessions` until the process ends; the socket does not keep it alive. */
export function answerForSessions(sessions: Sessions): void {
  let folder: string;
  try {
    folder = socketFolder();
  } catch (error) {
    if (isFullDisk(error)) return; // As without the socket, below.
    throw error;
  }
  const path = join(folder, `${process.pid}.sock`);
  rmSync(path, { force: true });
  const server: Server = createServer((connection) => {
    let text = "";
    connection.setEncoding("utf8");
    connection.on("error", () => {}); // The asker left; nothing is owed to it.
    connection.on("data", (part: string) => {
      text += part;
      if (!text.includes("\n")) return;
      void answer(sessions, text).then((reply) => connection.end(`${JSON.stringify(reply)}\n`));
    });
  });
  server.on("error", () => {}); // Without the socket only other processes lose sight of the sessions.
  server.listen(path);
  server.unref();
  process.on("exit", () => rmSync(path, { force: true }));
  removeAbandoned(folder);
}

/** Removes the sockets of processes that were killed before they could do it. */
function removeAbandoned(folder: string): void {
  for (const path of socketsIn(folder)) {
    const connection = connect(path, () => connection.destroy());
    connection.on("error", (error) => removeIfAbandoned(path, error));
    connection.unref();
  }
}

/** Nobody listens at a socket that refuses. */
function removeIfAbandoned(path: string, error: unknown): void {
  if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") rmSync(path, { force: true });
}

function socketsIn(folder: string): readonly string[] {
  const files = readdirSync(folder).filter((file) => /^\d+\.sock$/.test(file));
  return files.map((file) => join(folder, file));
}

async function answer(sessions: Sessions, text: string): Promise<unknown> {
  const question = JSON.parse(text) as Question; // Only this file's other half writes here.
  if (question.ask === "list")
    return sessions.list().map((session) => sessionSummary(session.view()));
  const names = sessions.list().map(({ name }) => name);
  if (question.name !== undefined && !names.includes(question.name)) return [];
  return await sessions.stop(question.name, "stopped from another terminal");
}

/** Every session of this user's processes, with the pid of the process it belongs to. */
export async function listAllSessions(): Promise<(SessionSummary & { ownerPid: number })[]> {
  const answers = await askAll({ ask: "list" });
  return answers.flatMap(({ pid, reply }) =>
    (reply as SessionSummary[]).map((session) => ({ ...session, ownerPid: pid })),
  );
}

/** Ends sessions by name, or all of them, in every process of this user; gives their names. */
export async function stopAnywhere(name: string | undefined): Promise<string[]> {
  const answers = await askAll({ ask: "stop", name });
  return answers.flatMap(({ reply }) => reply as string[]);
}

async function askAll(question: Question): Promise<{ pid: number; reply: unknown }[]> {
  const answers = await Promise.all(
    socketsIn(socketFolder()).map(async (path) => {
      try {
        return [{ pid: Number.parseInt(basename(path), 10), reply: await ask(path, question) }];
      } catch (error) {
        removeIfAbandoned(path, error);
        return [];
      }
    }),
  );
  return answers.flat();
}

function ask(path: string, question: Question): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const connection = connect(path, () => connection.write(`${JSON.stringify(question)}\n`));
    let text = "";
    connection.setEncoding("utf8");
    connection.setTimeout(10_000, () => connection.destroy(new Error("no answer in 10 s")));
    connection.on("data", (part: string) => {
      text += part;
    });
    connection.on("end", () => {
      if (text === "") reject(new Error("no answer"));
      else resolve(JSON.parse(text));
    });
    connection.on("error", reject);
  });
}

/** In the temporary folder, because a socket's path may have 107 bytes at most. */
function socketFolder(): string {
  const folder = join(tmpdir(), `colabcode-${process.getuid?.() ?? "user"}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
  if (isOurs) return folder;
  throw new ColabCodeError("SERVICE_FAILED", `${folder} belongs to somebody else.`, {
    hint: "Set TMPDIR to a folder of your own.",
  });
}
