import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { KernelError } from "../errors.ts";
import { type Connection, formatConnection } from "../protocol/connection.ts";

export interface LaunchOptions {
  /** Command line as in a kernelspec, with `{connection_file}`; default is this package's kernel. */
  readonly argv?: readonly string[] | undefined;
  /** Working directory; default is this process's. */
  readonly folder?: string | undefined;
  /** Variables besides those of this process; undefined removes one. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Default: ipc where there are Unix sockets, for they need no port. */
  readonly transport?: "tcp" | "ipc" | undefined;
}

/** How a kernel process ended, in words, with the last it wrote on stderr. */
export interface ProcessEnd {
  readonly reason: string;
  readonly lastWords: string;
}

/** How much of stderr is kept for error messages, in UTF-16 units. */
const keptWords = 2_000;

/** A kernel process and its connection file, which nobody but this user can read. */
export class KernelProcess implements AsyncDisposable {
  readonly connection: Connection;
  readonly pid: number;
  /** Resolves when the process is gone; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #folder: string;
  #lastWords = "";

  private constructor(child: ChildProcess, pid: number, connection: Connection, folder: string) {
    this.#child = child;
    this.pid = pid;
    this.connection = connection;
    this.#folder = folder;
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-keptWords);
    });
    this.ended = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        process.removeListener("exit", kill);
        const reason =
          signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`;
        resolve({ reason, lastWords: this.#lastWords.trim() });
      });
    });
  }

  /** Resolves when the process runs, which says nothing of its sockets; rejects when it cannot. */
  static async launch(options: LaunchOptions): Promise<KernelProcess> {
    const folder = await mkdtemp(join(tmpdir(), "colabcode-"));
    const isIpc = (options.transport ?? (process.platform === "win32" ? "tcp" : "ipc")) === "ipc";
    const connection: Connection = {
      transport: isIpc ? "ipc" : "tcp",
      ip: isIpc ? join(folder, "k") : "127.0.0.1",
      key: randomBytes(32).toString("hex"),
      signatureScheme: "hmac-sha256",
      ports: isIpc ? { shell: 1, control: 2, stdin: 3, iopub: 4, hb: 5 } : await freePorts(),
    };
    const file = join(folder, "connection.json");
    await writeFile(file, JSON.stringify(formatConnection(connection)), { mode: 0o600 });
    const [command = "", ...rest] = options.argv ?? ownArgv();
    const child = spawn(
      command,
      rest.map((word) => word.replaceAll("{connection_file}", file)),
      {
        cwd: options.folder,
        env: {
          ...process.env,
          // What a program runs is not what its user typed.
          COLABCODE_HISTORY: join(folder, "history"),
          ...options.environment,
          JPY_PARENT_PID: String(process.pid),
        },
        stdio: ["ignore", "ignore", "pipe"],
        // Ctrl-C in a terminal is for this program to interpret, not for the kernel.
        detached: process.platform !== "win32",
        windowsHide: true,
      },
    );
    try {
      await once(child, "spawn");
    } catch (cause) {
      await rm(folder, { recursive: true, force: true });
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new KernelError("kernel-start", `The kernel cannot be started: ${reason}`, { cause });
    }
    return new KernelProcess(child, child.pid ?? 0, connection, folder);
  }

  /** The last lines the process wrote on stderr. */
  get lastWords(): string {
    return this.#lastWords.trim();
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits `graceMs` for the process to end by itself, then kills it; returns when it is gone. */
  async end(graceMs: number): Promise<void> {
    const patience = new AbortController();
    await Promise.race([
      this.ended,
      delay(graceMs, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
    if (this.isRunning) this.#child.kill("SIGKILL");
    await this.ended;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end(0);
  }
}

function ownArgv(): string[] {
  const main = fileURLToPath(new URL("../main.js", import.meta.url));
  return [process.execPath, main, "{connection_file}"];
}

/** Five ports that are free now, all held until the last is found. */
async function freePorts(): Promise<Connection["ports"]> {
  const servers: Server[] = [];
  const next = async (): Promise<number> => {
    const server = createServer().listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  };
  const ports = {
    shell: await next(),
    control: await next(),
    stdin: await next(),
    iopub: await next(),
    hb: await next(),
  };
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
