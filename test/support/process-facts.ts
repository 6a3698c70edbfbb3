import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";

/** True while the process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^[ZX]/.test(statOf(pid)[0] ?? "Z");
  } catch {
    return false; // No such process.
  }
}

/** The command line and the environment of a process, as anybody of the same user can read them. */
export function readProcess(pid: number): { commandLine: string; environment: string } {
  return {
    commandLine: readFileSync(`/proc/${pid}/cmdline`, "utf8"),
    environment: readFileSync(`/proc/${pid}/environ`, "utf8"),
  };
}

/** Command line of a process, for messages. */
export function commandOf(pid: number): string {
  try {
    return readProcess(pid).commandLine.replaceAll("\0", " ").trim();
  } catch {
    return "gone";
  }
}

/** The parent of a process. */
export function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

/** Pids of all descendants of `pid`, parents first. */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const parent = parentOf(Number(entry));
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    } catch {
      // It ended meanwhile.
    }
  }
  const below = (at: number): number[] =>
    (children.get(at) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
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

/** True when nothing listens on 127.0.0.1:`port`: a server of our own can. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** The addresses on which `port` is listened at, as `0.0.0.0` or `::`; each once. */
export function listenAddresses(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const found = ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .map((line) => /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /.exec(line))
      .filter((match) => match?.[2] === hex)
      .map((match) => addressOf(match?.[1] ?? "")),
  );
  return [...new Set(found)];
}

/** As /proc writes it: four bytes, the last one first. */
function addressOf(hex: string): string {
  if (hex.length > 8) return /^0+$/.test(hex) ? "::" : hex;
  return (hex.match(/../g) ?? [])
    .map((byte) => Number.parseInt(byte, 16))
    .reverse()
    .join(".");
}

/** What follows the name in a process's stat: state, parent, … */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}
