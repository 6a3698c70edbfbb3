import { type ChildProcess, execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { repositoryRoot } from "./repository-root.ts";
import { waitUntil } from "./wait-until.ts";
import { withoutRoom } from "./without-room.ts";

const cli = join(repositoryRoot, "dist", "magics", "cli.js");

export interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Serving {
  readonly child: ChildProcess;
  /** The first line of `--json`. */
  readonly session: { readonly name: string; readonly url: string; readonly port: number };
  exit(): Promise<number | null>;
}

/** `colabcode` in a folder of a test's own, whose sessions nobody else sees. */
export class CommandLine {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(folder: string, environment: NodeJS.ProcessEnv = {}) {
    this.#folder = folder;
    this.#environment = {
      ...process.env,
      TMPDIR: folder,
      XDG_CONFIG_HOME: join(folder, "config"),
      COLABCODE_TUNNEL: "none",
      ...environment,
    };
  }

  run(...words: string[]): Promise<Done> {
    return this.#done(process.execPath, [cli, ...words]);
  }

  /** As `run`, where no file may get long: what writes fails half way, as on a full disk. */
  runWithoutRoom(...words: string[]): Promise<Done> {
    return this.#done("sh", [...withoutRoom(1), process.execPath, cli, ...words]);
  }

  #done(program: string, words: readonly string[]): Promise<Done> {
    return new Promise((resolve) => {
      const options = { cwd: this.#folder, env: this.#environment, timeout: 60_000 };
      execFile(program, words, options, (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, out, err });
      });
    });
  }

  /** Starts what serves until it is told to stop; resolves when its first line is out. */
  async serve(...words: string[]): Promise<Serving> {
    const child = spawn(process.execPath, [cli, ...words, "--json"], {
      cwd: this.#folder,
      env: this.#environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
    const line = await waitUntil(
      "the session's line",
      () => (text.includes("\n") ? text : child.exitCode === null ? undefined : `{"url":"exited"}`),
      30_000,
    );
    return { child, session: JSON.parse(line), exit: () => exited };
  }
}
