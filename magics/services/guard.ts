/**
 * A program of its own: runs one foreign program in its own process group and ends it, with all it
 * has started, when asked or when the pipe to the parent closes, however the parent died.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { GuardOrder, GuardReport, GuardRequest } from "./guard-messages.ts";
import { endFamily, familyVariable } from "./process-family.ts";

let end: (() => void) | undefined;

process.on("message", (request: GuardRequest) => {
  switch (request.type) {
    case "start":
      end ??= guard(request.order);
      break;
    case "end":
      end?.();
      break;
  }
});
process.on("disconnect", () => (end === undefined ? process.exit() : end()));
// The terminal's Ctrl-C and a front end's signals are for the parent, which decides.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => end?.());
process.on("SIGHUP", () => end?.());
// After the parent's death nobody reads the output any more.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

function guard(order: GuardOrder): () => void {
  try {
    writeFiles(order);
  } catch (error) {
    removeFolders(order);
    report({ type: "failed", code: "", message: String(error) });
    return () => {};
  }
  const [command, args] = withDeathSignal(order);
  const child = spawn(command, args, {
    cwd: order.folder,
    env: { ...order.environment, [familyVariable]: order.mark },
    stdio: ["ignore", "inherit", "inherit"],
    detached: process.platform !== "win32",
  });
  let isEnding = false;
  const endChild = (): void => {
    if (isEnding) return;
    isEnding = true;
    void endAll(child, order);
  };
  child.once("spawn", () => report({ type: "started", pid: child.pid ?? 0 }));
  child.once("error", (error: NodeJS.ErrnoException) => {
    if (child.pid !== undefined) return;
    removeFolders(order);
    report({ type: "failed", code: error.code ?? "", message: error.message });
  });
  child.once("exit", endChild);
  return endChild;
}

async function endAll(child: ChildProcess, order: GuardOrder): Promise<void> {
  if (child.pid === undefined) return;
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
  await endFamily({ pid: child.pid, mark: order.mark }, order.graceMs);
  await exited;
  removeFolders(order);
  report({ type: "ended", exitCode: child.exitCode, signal: child.signalCode });
}

function writeFiles({ privateFiles }: GuardOrder): void {
  for (const [path, text] of Object.entries(privateFiles)) {
    mkdirSync(dirname(path), { mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  }
}

function removeFolders(order: GuardOrder): void {
  for (const folder of order.temporaryFolders) rmSync(folder, { recursive: true, force: true });
}

/** Tells the parent, if it is still there; after the last word this process is done. */
function report(message: GuardReport): void {
  const done = message.type === "started" ? () => {} : () => process.exit();
  if (process.connected) process.send?.(message, done);
  else done();
}

/** Where util-linux has it, the kernel itself ends the program should this guard be killed. */
function withDeathSignal(order: GuardOrder): [string, string[]] {
  const args = [...order.args];
  if (process.platform !== "linux") return [order.command, args];
  const setpriv = ["--pdeathsig", "KILL"];
  const works = spawnSync("setpriv", [...setpriv, "true"], { stdio: "ignore" });
  return works.status === 0
    ? ["setpriv", [...setpriv, order.command, ...args]]
    : [order.command, args];
}
