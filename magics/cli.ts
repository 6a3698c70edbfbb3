#!/usr/bin/env node
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import {
  formatHelp,
  type Host,
  type Magic,
  type MagicCommand,
  parseOptions,
} from "../kernel/extension.ts";
import { colabcodeMagic } from "./extension.ts";
import { lastModel } from "./model/last-model.ts";
import { listAllSessions, stopAnywhere } from "./sessions/session-socket.ts";
import { sessionSummary } from "./sessions/session-view.ts";
import { currentSessions } from "./sessions/sessions.ts";
import { statusTable } from "./sessions/status-table.ts";
import { terminalHost } from "./terminal-host.ts";

/** Verbs of the kernel's own program; its arguments are passed on as they are. */
const kernelVerbs = {
  install: "Installs the TypeScript kernel for Jupyter.",
  uninstall: "Removes the TypeScript kernel from Jupyter.",
  run: "Executes a notebook and shows its outputs.",
} as const;

const json = z.boolean().default(false).describe("print JSON instead of text");

const magic: Magic = {
  ...colabcodeMagic,
  commands: colabcodeMagic.commands.map((command) => ({
    ...command,
    options: command.options.extend({ json }),
    examples: command.examples?.map((line) => line.replace(/^%colabcode/, "colabcode")) ?? [],
  })),
};

/** Exit codes: 0 done, 1 failed, 2 the command line is wrong. */
async function main(words: string[]): Promise<number> {
  const [verb] = words;
  if (verb === "--version" || verb === "-V") {
    const require = createRequire(import.meta.url);
    console.log(require("colabcode/package.json").version);
    return 0;
  }
  if (verb !== undefined && verb in kernelVerbs) return await runKernelProgram(words);
  const parsed = parseOptions(magic, words, "colabcode");
  if (parsed.isHelp) {
    console.log(formatHelp(magic, parsed.command, "colabcode"));
    if (parsed.command === undefined) console.log(kernelHelp());
    return 0;
  }
  const { json: wantsJson, ...options } = parsed.options;
  return await runCommand(parsed.command, options, wantsJson === true);
}

async function runCommand(
  command: MagicCommand,
  options: Record<string, unknown>,
  wantsJson: boolean,
): Promise<number> {
  if (command.name === "status") return await statusInTerminal(wantsJson);
  if (command.name === "stop") return await stopFromTerminal(options, wantsJson);
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const plain = terminalHost(interrupt.signal);
  const host: Host = wantsJson ? { ...plain, display: silentDisplay(plain) } : plain;
  try {
    await command.run(options, {
      host,
      cell: { execution: 0, executionCount: 0, cellId: undefined },
      signal: interrupt.signal,
      line: "",
      body: undefined,
      runBody: async () => undefined,
    });
    if (wantsJson) printJson(command.name);
    return await untilInterrupted(interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return 0;
    throw error;
  } finally {
    await currentSessions()[Symbol.asyncDispose]();
  }
}

/** Sessions in a terminal last until Ctrl-C, or until they end by themselves. */
async function untilInterrupted(signal: AbortSignal): Promise<number> {
  const sessions = currentSessions().list();
  if (sessions.length === 0) return 0;
  const keepAlive = setInterval(() => {}, 60_000);
  const interrupted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  const ends = Promise.all(sessions.map((session) => session.ended));
  const outcome = await Promise.race([interrupted, ends]);
  clearInterval(keepAlive);
  return outcome?.some((end) => !end.asked) ? 1 : 0;
}

function printJson(command: string): void {
  if (command === "train") {
    const model = lastModel();
    if (model === undefined) return;
    const { schema, evaluation } = model;
    console.log(JSON.stringify({ schema, evaluation, importance: model.importance() }));
    return;
  }
  for (const session of currentSessions().list()) {
    const view = session.view();
    console.log(JSON.stringify({ ...sessionSummary(view), secret: view.secret?.value }));
  }
}

async function statusInTerminal(wantsJson: boolean): Promise<number> {
  const sessions = await listAllSessions();
  const table = statusTable(sessions.map((session) => ({ session, owner: undefined })));
  console.log(wantsJson ? JSON.stringify(sessions) : table["text/plain"]);
  return 0;
}

async function stopFromTerminal(
  options: Record<string, unknown>,
  wantsJson: boolean,
): Promise<number> {
  const running = (await listAllSessions()).map(({ name }) => name);
  const name = options["session"] === undefined ? undefined : String(options["session"]);
  if (name === undefined && options["all"] !== true && running.length > 1) {
    console.error(`Which one? Running: ${running.join(", ")}. Or use --all.`);
    return 2;
  }
  const stopped = await stopAnywhere(name);
  if (wantsJson) console.log(JSON.stringify(stopped));
  else if (stopped.length > 0) console.log(`Stopped ${stopped.join(", ")}.`);
  else if (name === undefined) console.log("Nothing is running.");
  else console.error(`There is no session "${name}". Running: ${running.join(", ") || "nothing"}.`);
  return stopped.length === 0 && name !== undefined ? 1 : 0;
}

function silentDisplay(host: Host): Host["display"] {
  return {
    ...host.display,
    show: (_data, options) => ({ id: options?.displayId ?? "json", update() {} }),
    update() {},
  };
}

/** The kernel's program does its own verbs; signals reach it through the terminal. */
async function runKernelProgram(words: string[]): Promise<number> {
  const program = fileURLToPath(new URL("../kernel/main.js", import.meta.url));
  const child = spawn(process.execPath, [program, ...words], { stdio: "inherit" });
  process.on("SIGINT", () => {}).on("SIGTERM", () => child.kill("SIGTERM"));
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 0 : 1)));
  });
}

function kernelHelp(): string {
  const rows = Object.entries(kernelVerbs).map(([verb, text]) => `  ${verb.padEnd(10)} ${text}`);
  return ["", "Kernel:", ...rows].join("\n");
}

function report(error: unknown): number {
  const { code, message, hint } = error as { code?: string; message?: string; hint?: string };
  console.error(`colabcode: ${message ?? String(error)}`);
  if (hint !== undefined) console.error(hint);
  return code === "USAGE" ? 2 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(report(error)),
);
