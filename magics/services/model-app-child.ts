import { type ChildProcess, fork, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { ColabCodeError } from "../errors.ts";
import { findBundle } from "./bundled-program.ts";
import type { ModelAppReport, ModelAppRequest, ModelAppStats } from "./model-app-messages.ts";
import { modelAppProgram } from "./model-app-program.ts";
import { ProgramLog } from "./program-log.ts";
import type { End } from "./service.ts";
import { serviceEnvironment } from "./service-environment.ts";

/** How long the process may take to end in order before it is killed. */
const endMs = 2500;
/** A process that lives this long has time to make the next ones start sooner. */
const buildAfterMs = 20_000;

export interface ModelAppChildOptions {
  /** Kept out of the log. */
  readonly secrets?: readonly string[];
  /** Starts the program in place of itself or its bundle. */
  readonly starter?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The process that serves a model, from the parent's side. */
export class ModelAppChild implements AsyncDisposable {
  readonly pid: number;
  readonly log: ProgramLog;
  /** Never rejects. */
  readonly ended: Promise<End>;
  stats: ModelAppStats = { requests: 0, errors: 0, recent: [], trouble: undefined };
  readonly #child: ChildProcess;
  #isAsked = false;

  /** Starts `program`, a file beside this one, which then waits for orders. */
  constructor(program: string, options: ModelAppChildOptions = {}) {
    const { secrets = [], starter = findBundle(program), environment = {} } = options;
    this.#child = fork(starter ?? new URL(program, import.meta.url), [], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: [],
      env: serviceEnvironment(environment),
    });
    this.pid = this.#child.pid ?? 0;
    this.log = new ProgramLog({ secrets });
    if (this.#child.stdout !== null) this.log.read(this.#child.stdout);
    if (this.#child.stderr !== null) this.log.read(this.#child.stderr);
    this.#child.on("message", (report: ModelAppReport) => {
      if (report.type === "stats") this.stats = report;
    });
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve({ asked: false, reason: error.message }));
      this.#child.once("close", (code, signal) => resolve(this.#describeEnd(code, signal)));
    });
    if (starter === undefined) this.#buildLater();
  }

  send(request: ModelAppRequest): void {
    if (this.#child.connected) this.#child.send(request, () => {}); // Its end is told by `ended`.
  }

  /** Sends `request` and gives its answer; rejects if it failed, if the process dies, or on abort. */
  async ask<T extends ModelAppReport["type"]>(
    request: ModelAppRequest,
    answer: T,
    signal: AbortSignal,
  ): Promise<Extract<ModelAppReport, { type: T }>> {
    signal.throwIfAborted();
    const done = new AbortController();
    try {
      return await new Promise((resolve, reject) => {
        const listen = (report: ModelAppReport) => {
          // The comparison does not narrow a generic member.
          if (report.type === answer) resolve(report as Extract<ModelAppReport, { type: T }>);
          else if (report.type === "failed") reject(new ChildFailure(report.code, report.message));
        };
        this.#child.on("message", listen);
        done.signal.addEventListener("abort", () => this.#child.off("message", listen));
        signal.addEventListener("abort", () => reject(signal.reason), { signal: done.signal });
        void this.ended.then(({ reason }) => reject(this.#died(reason)));
        this.send(request);
      });
    } finally {
      done.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isAsked) {
      this.#isAsked = true;
      this.send({ type: "end" });
    }
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), endMs);
    await this.ended;
    clearTimeout(timer);
  }

  #buildLater(): void {
    const timer = setTimeout(() => {
      if (findBundle(modelAppProgram) !== undefined) return; // Another has built it.
      const file = fileURLToPath(new URL("build-model-app-main.js", import.meta.url));
      const builder = spawn(process.execPath, [file], {
        stdio: ["pipe", "ignore", "ignore"],
        env: serviceEnvironment({}),
        windowsHide: true,
      });
      builder.on("error", () => {}); // Without a bundle everything works, only later.
      builder.unref();
      (builder.stdin as Socket).unref(); // A pipe is a socket.
      void this.ended.then(() => builder.stdin.destroy());
    }, buildAfterMs).unref();
    void this.ended.then(() => clearTimeout(timer));
  }

  #died(reason: string): ColabCodeError {
    const lines = this.log.lines(15);
    const tail = lines.length === 0 ? "" : `\n${lines.join("\n")}`;
    return new ColabCodeError(
      "SERVICE_FAILED",
      `The model app did not start: it ${reason}.${tail}`,
    );
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): End {
    if (this.#isAsked) return { asked: true, reason: "ended" };
    const cause = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
    const last = this.log.lines(1)[0];
    return { asked: false, reason: last === undefined ? cause : `${cause}: ${last}` };
  }
}

/** What the process says went wrong; the code is Node's where it is a system error. */
export class ChildFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
