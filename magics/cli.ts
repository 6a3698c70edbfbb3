#!/usr/bin/env node
import { createRequire } from "node:module";
import { z } from "zod";
import {
  formatHelp,
  type Host,
  type Magic,
  type MagicCommand,
  parseOptions,
} from "../kernel/extension.ts";
import { doctorInTerminal } from "./cli/doctor-in-terminal.ts";
import { kernelHelp, kernelVerbs, startKernelProgram } from "./cli/kernel-program.ts";
import { printJson } from "./cli/print-json.ts";
import { serveNotebook } from "./cli/serve-notebook.ts";
import { statusInTerminal, stopFromTerminal } from "./cli/sessions-of-others.ts";
import { colabcodeMagic } from "./extension.ts";
import { currentSessions } from "./sessions/sessions.ts";
import { terminalHost } from "./terminal-host.ts";

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
  if (verb !== undefined && verb in kernelVerbs) {
    return await startKernelProgram(words, { stdio: "inherit" }).exited;
  }
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
  if (command.name === "app" && /\.ipynb$/.test(String(options["app"]))) {
    return await serveNotebookAs(options, wantsJson);
  }
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  if (command.name === "doctor") return await doctorInTerminal(wantsJson, interrupt.signal);
  const plain = terminalHost(interrupt.signal);
  const host: Host = wantsJson ? { ...plain, display: silentDisplay() } : plain;
  try {
    await command.run(options, {
      host,
      cell: { execution: 0, executionCount: 0, cellId: undefined },
      signal: interrupt.signal,
      line: "",
      body: undefined,
      runBody: async () => undefined,
    });
    if (wantsJson) await printJson(command.name, options);
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

/** With --json stdout holds JSON and nothing else. */
function silentDisplay(): Host["display"] {
  return {
    show: (_data, options) => ({ id: options?.displayId ?? "json", update() {} }),
    update() {},
    lastWill() {},
    clear() {},
    write: (_stream, text) => void process.stderr.write(text),
  };
}

/** A notebook is told by its environment what the command line says; other options are its own. */
async function serveNotebookAs(
  options: Readonly<Record<string, unknown>>,
  isJson: boolean,
): Promise<number> {
  const { port, tunnel } = options;
  return await serveNotebook(String(options["app"]), {
    port: typeof port === "number" ? port : undefined,
    tunnel: typeof tunnel === "string" ? tunnel : undefined,
    isJson,
  });
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
