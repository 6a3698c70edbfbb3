import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { provideHost } from "../extension.ts";
import { captureStreams } from "./captured-stream.ts";
import { CellRunner } from "./cell-runner.ts";
import { settleColab } from "./colab.ts";
import { receiveComm } from "./comms.ts";
import { sendDisplay } from "./display.ts";
import { importFrom, installEsModules } from "./es-modules.ts";
import { send } from "./event-writer.ts";
import { installForgetAsyncContext } from "./forget-async-context.ts";
import { cellGlobals, cellSignal, defineGlobals } from "./globals.ts";
import { hidePromiseContext } from "./hide-promise-context.ts";
import { createHost } from "./host.ts";
import { settleInput } from "./input.ts";
import { reportLateErrors } from "./late-errors.ts";
import { callMagic } from "./magic-call.ts";
import { installPackageFallback } from "./modules.ts";
import { PacketReader } from "./packets.ts";
import { receivePastCells } from "./past-cells.ts";
import type { ExecuteRequest } from "./runtime.ts";
import { descriptors, endMark, type MessageToRuntime, turnMark } from "./runtime-message.ts";
import { createSharedState } from "./shared-state.ts";
import { runShell } from "./shell.ts";
import { cellFrames, parseStack } from "./stack.ts";
import { watchSyncChildren } from "./sync-children.ts";
import { createCellExecutor } from "./tslab-executor.ts";

/** The runtime process: user code, one cell at a time, as the kernel process asks for it. */

interface Settings {
  readonly token: string;
  readonly folder: string;
  readonly extensions: readonly string[];
}

const startedAtMs = Date.now();
// The kernel process gives it and nobody else; user code and its children do not see it.
const settings = JSON.parse(process.env.COLABCODE_RUNTIME ?? "{}") as Settings;
delete process.env.COLABCODE_RUNTIME;

Error.stackTraceLimit = 30;
captureStreams();
watchSyncChildren(takeTurn);
reportLateErrors();
installPackageFallback();
installEsModules();
hidePromiseContext();
// Interrupts come another way; the signal must not end the process.
process.on("SIGINT", () => undefined);

const state = createSharedState();
installForgetAsyncContext(state);
const executor = createCellExecutor(settings.folder, ({ data, metadata, transient }, isUpdate) =>
  sendDisplay({ isUpdate: isUpdate === true, data, metadata, displayId: transient.display_id }),
);
const runtime = createHost(executor, settings);
const runner = new CellRunner({ executor, runtime, state }, startedAtMs);
provideHost(runtime.host);
defineGlobals({
  ...cellGlobals(),
  __import__: importFrom,
  __magic__: (name: string, line: string, options: { line?: number } = {}) =>
    callMagic(runtime, { name, line, lineNumber: options.line ?? callerLine(), cell: undefined }),
  __shell__: (command: string) => {
    const { display, folder } = runtime.host;
    return runShell(command, { display, folder, signal: cellSignal() });
  },
});
tellExits();
listen();
watch();
send({ type: "ready", heapLimitBytes: getHeapStatistics().heap_size_limit });

/** Line of the cell that calls, from 0. */
function callerLine(): number | undefined {
  const line = cellFrames(parseStack(new Error()))[0]?.place.line;
  return line === undefined ? undefined : line - 1;
}

function listen(): void {
  const requests = new Socket({ fd: descriptors.requests, readable: true, writable: false });
  const packets = new PacketReader();
  requests.on("data", (chunk: Buffer) => {
    for (const packet of packets.push(chunk)) {
      // Only the kernel process writes here, messages only.
      if (packet.kind === "message") receive(packet.message as MessageToRuntime);
    }
  });
  const die = () => process.kill(process.pid, "SIGKILL");
  requests.on("close", die);
  requests.on("error", die);
}

function receive(message: MessageToRuntime): void {
  switch (message.type) {
    case "execute":
      void execute(message.request);
      return;
    case "interrupt":
      runner.interrupt(message.execution);
      return;
    case "input":
      settleInput(message.value);
      return;
    case "comm":
      receiveComm(message.comm);
      return;
    case "colab":
      settleColab(message.id, message.answer);
      return;
    case "history":
      receivePastCells(message.cells);
      return;
    case "magics":
      void describeMagics();
      return;
    case "shutdown":
      void shutDown();
  }
}

async function execute(request: ExecuteRequest): Promise<void> {
  const outcome = await runner.run(request);
  const { execution } = request.cell;
  writeMark(endMark(settings.token, execution));
  send({ type: "outcome", execution, outcome });
}

let turns = 0;

/** From here on raw output and messages are told in the order they are made. */
function takeTurn(): void {
  turns++;
  writeMark(turnMark(settings.token, turns));
  send({ type: "turn", turn: turns });
}

function writeMark(mark: string): void {
  for (const descriptor of [1, 2]) {
    try {
      writeSync(descriptor, mark);
    } catch {
      // User code closed it; the kernel side waits a bounded time for the mark.
    }
  }
}

async function describeMagics(): Promise<void> {
  send({ type: "magics", magics: await runtime.registry.describe(), isAnswer: true });
}

async function shutDown(): Promise<void> {
  await runtime.shutsDown();
  process.exit(0);
}

/** `process.exit` in a cell says so before it is done. */
function tellExits(): void {
  process.on("exit", (code) => send({ type: "exit", code }));
}

/** Ends with the kernel process also while the main thread spins. */
function watch(): void {
  const watchdog = new Worker(new URL("./watchdog.js", import.meta.url), {
    workerData: { state, startedAtMs },
    stdout: true,
    stderr: true,
    execArgv: [],
  });
  watchdog.unref();
}
