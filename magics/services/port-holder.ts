import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { ColabCodeError } from "../errors.ts";

/** Who listens on a TCP port, as far as this user may know it. */
export interface PortHolder {
  readonly pid: number | undefined;
  /** Program and script without arguments, since those may hold secrets: "node server.js". */
  readonly command: string | undefined;
  readonly user: string | undefined;
}

/** Says who listens on `port` of this machine; undefined where nobody does or the system does not tell. */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
  return process.platform === "linux" ? findByProc(port) : findByLsof(port);
}

/** The error for a port that could not be bound, naming its holder. */
export async function portInUse(port: number, cause?: unknown): Promise<ColabCodeError> {
  const holder = await findPortHolder(port).catch(() => undefined); // Naming is help, not duty.
  return new ColabCodeError("PORT_IN_USE", `Port ${port} is held by ${describe(holder)}.`, {
    hint: "Choose another with --port, or --port 0 for a free one.",
    cause,
  });
}

function describe(holder: PortHolder | undefined): string {
  if (holder === undefined) return "another process";
  if (holder.pid === undefined) {
    return holder.user === undefined ? "another process" : `a process of user ${holder.user}`;
  }
  if (holder.pid === process.pid) return `this process (pid ${holder.pid})`;
  return `${holder.command ?? "a process"} (pid ${holder.pid})`;
}

async function findByProc(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "utf8").catch(() => "")),
  );
  const listeners = tables.flatMap((table) => parseListeners(table, port));
  const first = listeners[0];
  if (first === undefined) return undefined;
  const pid = await findSocketOwner(new Set(listeners.map((listener) => listener.inode)));
  return {
    pid,
    command: pid === undefined ? undefined : await readCommand(pid),
    user: await userName(first.uid),
  };
}

/** Rows of /proc/net/tcp: `sl local_address rem_address st … uid timeout inode`; state 0A listens. */
function parseListeners(table: string, port: number): { inode: string; uid: string }[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === "0A")
    .map((fields) => ({ uid: fields[7] ?? "", inode: fields[9] ?? "" }));
}

async function findSocketOwner(inodes: ReadonlySet<string>): Promise<number | undefined> {
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  // What was started last is the likeliest holder.
  for (const pid of pids.sort((a, b) => b - a)) {
    const folder = `/proc/${pid}/fd`;
    const files = await readdir(folder).catch(() => []); // Another user's process, or gone by now.
    for (const file of files) {
      if (links.has(await readlink(`${folder}/${file}`).catch(() => ""))) return pid;
    }
  }
  return undefined;
}

async function readCommand(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  const words = text.split("\0").filter((word) => word !== "");
  return shortCommand(words);
}

/** Program and script of a command line, leaving out flags and all that follows. */
export function shortCommand(words: readonly string[]): string | undefined {
  const [program, script] = words;
  if (program === undefined) return undefined;
  // Some programs write their title over their arguments, in one word.
  const name = basename(program.split(" ")[0] ?? program).replace(/:$/, "");
  const isScript = script !== undefined && /^[^-].*\.(?:[cm]?[jt]s|py|rb|pl|php|sh)$/.test(script);
  return isScript ? `${name} ${basename(script)}` : name;
}

async function userName(uid: string): Promise<string | undefined> {
  const users = await readFile("/etc/passwd", "utf8").catch(() => "");
  const fields = users
    .split("\n")
    .map((line) => line.split(":"))
    .find((entry) => entry[2] === uid);
  return fields?.[0] ?? (uid === "" ? undefined : uid);
}

async function findByLsof(port: number): Promise<PortHolder | undefined> {
  const { stdout } = await promisify(execFile)(
    "lsof",
    ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-FpcL"],
    { timeout: 3000 },
  ).catch(() => ({ stdout: "" })); // lsof exits 1 when it finds nothing, and may be missing.
  return parseLsof(stdout);
}

/** Reads `lsof -FpcL`: one field a line, its letter first. */
export function parseLsof(text: string): PortHolder | undefined {
  const field = (letter: string) =>
    text
      .split("\n")
      .find((line) => line.startsWith(letter))
      ?.slice(1);
  const pid = field("p");
  if (pid === undefined) return undefined;
  return { pid: Number(pid), command: field("c"), user: field("L") };
}
