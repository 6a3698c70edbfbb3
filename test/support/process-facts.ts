import { readFileSync } from "node:fs";
import { connect } from "node:net";

/** True while the process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(text.slice(text.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** The command line and the environment of a process, as anybody of the same user can read them. */
export function readProcess(pid: number): { commandLine: string; environment: string } {
  return {
    commandLine: readFileSync(`/proc/${pid}/cmdline`, "utf8"),
    environment: readFileSync(`/proc/${pid}/environ`, "utf8"),
  };
}

/** The parent of a process. */
export function parentOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
}

/** True when something on 127.0.0.1 takes connections at the port. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
