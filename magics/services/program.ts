import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ColabCodeError } from "../errors.ts";
import { findProgram } from "./find-program.ts";
import type { GuardOrder, GuardReport, GuardRequest } from "./guard-messages.ts";
import { endFamily, familyVariable } from "./process-family.ts";
import { ProgramLog } from "./program-log.ts";
import { serviceEnvironment } from "./service-environment.ts";

export interface ProgramOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** The whole environment; this process's own where left out. Undefined values are left away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
  /** Ends the program when aborted. */
  readonly signal?: AbortSignal;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
  /** Texts that never appear in the log. */
  readonly secrets?: readonly string[];
  /** Folders of this program alone, removed when it has ended, also if this process dies first. */
  readonly temporaryFolders?: readonly string[];
  /** Texts by path, for this user's eyes only: each in a folder that is not there yet, which is temporary too. */
  readonly privateFiles?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

export interface ProgramEnd {
  /** True when it was ended from here, by dispose or by the signal. */
  readonly asked: boolean;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** For a person: "exited with code 1", "ended by SIGKILL". */
  readonly reason: string;
}

/** A foreign program and all it has started. Disposing waits until the last process is gone. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** The last 200 lines of both outputs, or the last `count`. */
  log(count?: number): readonly string[];
  /** Resolves after the last process of the program is gone; never rejects. */
  readonly ended: Promise<ProgramEnd>;
}

const guardFile = fileURLToPath(new URL("./guard.js", import.meta.url));

/**
 * Resolves when the program runs, or rejects and leaves nothing behind. The program, its children
 * and theirs end with it, with the signal, and with this process, SIGKILL of this process included.
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { signal, graceMs = 1500, privateFiles = {} } = options;
  const ownFolders = Object.keys(privateFiles).map((path) => dirname(path));
  const temporaryFolders = [...(options.temporaryFolders ?? []), ...ownFolders];
  signal?.throwIfAborted();
  const order = orderFrom(options, graceMs, temporaryFolders);
  const log = new ProgramLog(options);
  const guard = spawnGuard();
  const send = (request: GuardRequest): void => {
    if (guard.connected) guard.send(request, () => {}); // A guard that is gone has said so by exit.
  };
  let pid: number | undefined;
  let asked = false;
  let lastReport: GuardReport | undefined;
  const end = (): void => {
    asked = true;
    send({ type: "end" });
  };
  signal?.addEventListener("abort", end, { once: true });

  const closed = guardClosed(guard);
  const ended = guardExited(guard).then(async (): Promise<ProgramEnd> => {
    signal?.removeEventListener("abort", end);
    const hasReported = lastReport?.type === "ended" || lastReport?.type === "failed";
    if (!hasReported) await endFamily({ pid: pid ?? 0, mark: order.mark }, 0);
    await closed;
    if (lastReport?.type === "ended") return describeEnd(asked, lastReport);
    for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
    return { asked, exitCode: undefined, signal: "SIGKILL", reason: "its guard was killed" };
  });
  for (const stream of [guard.stdout, guard.stderr]) if (stream !== null) log.read(stream);

  const started = new Promise<void>((resolve, reject) => {
    guard.on("message", (report: GuardReport) => {
      lastReport = report;
      if (report.type === "started") {
        pid = report.pid;
        resolve();
      } else if (report.type === "failed") reject(startFailure(order.command, report.message));
    });
    void ended.then((how) => reject(startFailure(order.command, how.reason)));
  });
  send({ type: "start", order });
  await started;
  if (signal?.aborted === true) {
    await ended;
    signal.throwIfAborted();
  }
  return {
    pid: pid ?? 0,
    log: (count) => log.lines(count),
    ended,
    async [Symbol.asyncDispose]() {
      end();
      await ended;
    },
  };
}

function orderFrom(
  options: ProgramOptions,
  graceMs: number,
  temporaryFolders: readonly string[],
): GuardOrder {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.environment ?? process.env)) {
    if (value !== undefined) environment[name] = value;
  }
  const folder = options.folder ?? process.cwd();
  const path = environment["PATH"] ?? "";
  const command = findProgram(options.command, { path, folder });
  if (command === undefined) {
    throw new ColabCodeError("NOT_INSTALLED", `There is no program "${options.command}".`, {
      hint: "Install it, or put its folder on PATH.",
    });
  }
  const outer = process.env[familyVariable];
  const mark = outer === undefined ? randomUUID() : `${outer}/${randomUUID()}`;
  const args = options.args ?? [];
  const { privateFiles = {} } = options;
  return { command, args, environment, folder, graceMs, temporaryFolders, privateFiles, mark };
}

/** In a session of its own, so that a signal to this process's group does not reach it. */
function spawnGuard(): ChildProcess {
  // What its program gets of the environment is in its order.
  const environment = serviceEnvironment({ NODE_OPTIONS: undefined });
  return spawn(process.execPath, [guardFile], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
    env: environment,
    windowsHide: true,
  });
}

function guardExited(guard: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    guard.once("exit", () => resolve());
    guard.once("error", () => resolve());
  });
}

/** Resolves when the guard is gone and its last words are read. */
function guardClosed(guard: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    guard.once("close", () => resolve());
    guard.once("error", () => resolve());
    guard.once("exit", () => {
      // A process that escaped on a system without /proc may hold the output open for ever.
      setTimeout(resolve, 1000).unref();
    });
  });
}

function startFailure(command: string, reason: string): ColabCodeError {
  return new ColabCodeError("SERVICE_FAILED", `${command} could not be started: ${reason}`);
}

function describeEnd(
  asked: boolean,
  report: { readonly exitCode: number | null; readonly signal: string | null },
): ProgramEnd {
  const exitCode = report.exitCode ?? undefined;
  const signal = report.signal ?? undefined;
  const reason = signal === undefined ? `exited with code ${exitCode}` : `ended by ${signal}`;
  return { asked, exitCode, signal, reason: asked ? "ended" : reason };
}
