import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Duplex, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { KernelError } from "../errors.ts";
import type { MagicDescription } from "../extension.ts";
import { endReason } from "./end-reason.ts";
import { messagePackets, type Packet, PacketReader } from "./packets.ts";
import { RawOutput } from "./raw-output.ts";
import type {
  ColabAnswer,
  ExecuteOutcome,
  ExecuteRequest,
  PastCell,
  Runtime,
  RuntimeEnd,
  RuntimeEvent,
  RuntimeOptions,
  StartRuntime,
} from "./runtime.ts";
import {
  type CommMessage,
  descriptors,
  type InputAnswer,
  type MessageFromRuntime,
  type MessageToRuntime,
} from "./runtime-message.ts";

const startDeadlineMs = 20_000;
const interruptDeadlineMs = 5_000;
const drainDeadlineMs = 500;
const shutdown = { listenersMs: 1_500, terminateMs: 250 };

/** Starts a runtime process; resolves when it can execute. */
export const startRuntime: StartRuntime = async (options) => {
  const runtime = new RuntimeProcess(options);
  await runtime.ready;
  return runtime;
};

interface Running {
  readonly execution: number;
  readonly resolve: (outcome: ExecuteOutcome) => void;
  readonly reject: (error: Error) => void;
  readonly settled: Promise<unknown>;
}

class RuntimeProcess implements Runtime {
  readonly pid: number;
  readonly ready: Promise<void>;
  readonly ended: Promise<RuntimeEnd>;
  readonly #child: ChildProcess;
  readonly #packets = new PacketReader();
  readonly #output: { readonly stdout: RawOutput; readonly stderr: RawOutput };
  readonly #eventListeners: ((event: RuntimeEvent) => void)[] = [];
  readonly #magicsListeners: ((magics: readonly MagicDescription[]) => void)[] = [];
  readonly #magicsRequests: ((magics: readonly MagicDescription[]) => void)[] = [];
  #running: Running | undefined;
  #latestExecution = 0;
  #messageNumber = 0;
  #isBlockedOnInput = false;
  #isWaitingForRaw = false;
  readonly #unread: Packet[] = [];
  #becomeReady: () => void = () => undefined;
  #exitCode: number | undefined;
  #heapLimitBytes: number | undefined;
  #plannedEnd: RuntimeEnd | undefined;
  #interrupting: Promise<void> | undefined;
  #shuttingDown: Promise<void> | undefined;

  constructor(options: RuntimeOptions) {
    const token = randomBytes(8).toString("hex");
    this.#child = spawnRuntime(options, token);
    this.pid = this.#child.pid ?? 0;
    this.#output = {
      stdout: this.#rawOutput("stdout", token),
      stderr: this.#rawOutput("stderr", token),
    };
    this.ended = this.#watchEnd();
    this.ready = this.#watchStart();
    this.#stream(descriptors.events).on("data", (chunk: Buffer) => this.#readPackets(chunk));
  }

  get isRunning(): boolean {
    return !this.#hasEnded();
  }

  onEvent(listener: (event: RuntimeEvent) => void): void {
    this.#eventListeners.push(listener);
  }

  onMagics(listener: (magics: readonly MagicDescription[]) => void): void {
    this.#magicsListeners.push(listener);
  }

  execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    const { execution } = request.cell;
    const { promise, resolve, reject } = withResolvers<ExecuteOutcome>();
    if (this.#hasEnded()) {
      reject(new KernelError("RUNTIME_GONE", "The runtime has ended."));
      return promise;
    }
    const settled = promise.then(
      () => undefined,
      () => undefined,
    );
    this.#running = { execution, resolve, reject, settled };
    this.#latestExecution = execution;
    this.#send({ type: "execute", request });
    return promise;
  }

  interrupt(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return Promise.resolve();
    this.#askToStop(running);
    this.#interrupting ??= this.#untilStopped(running).finally(() => {
      this.#interrupting = undefined;
    });
    return this.#interrupting;
  }

  answerInput(value: string | undefined): void {
    if (this.#isBlockedOnInput) this.#answer({ type: "value", value });
    else this.#send({ type: "input", value });
  }

  answerColab(id: string, answer: ColabAnswer): void {
    this.#send({ type: "colab", id, answer });
  }

  answerHistory(cells: readonly PastCell[]): void {
    this.#send({ type: "history", cells });
  }

  sendComm(comm: CommMessage): void {
    this.#send({ type: "comm", comm });
  }

  loadMagics(): Promise<readonly MagicDescription[]> {
    const { promise, resolve, reject } = withResolvers<readonly MagicDescription[]>();
    if (this.#hasEnded()) {
      reject(new KernelError("RUNTIME_GONE", "The runtime has ended."));
      return promise;
    }
    this.#magicsRequests.push(resolve);
    void this.ended.then(({ reason }) => reject(new KernelError("RUNTIME_GONE", reason)));
    this.#send({ type: "magics" });
    return promise;
  }

  shutdown(): Promise<void> {
    this.#shuttingDown ??= this.#shutDown();
    return this.#shuttingDown;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #shutDown(): Promise<void> {
    if (this.#hasEnded()) return;
    this.#plannedEnd ??= { isExpected: true, reason: "The runtime was shut down." };
    if (this.#running !== undefined) this.#askToStop(this.#running);
    this.#send({ type: "shutdown" });
    if (await this.#endsWithin(shutdown.listenersMs)) return;
    this.#child.kill("SIGTERM");
    if (await this.#endsWithin(shutdown.terminateMs)) return;
    this.#killGroup();
    await this.ended;
  }

  /** The message ends an awaiting cell; the watchdog ends one that does not let it be read. */
  #askToStop({ execution }: Running): void {
    if (this.#isBlockedOnInput) this.#answer({ type: "interrupted" });
    this.#stream(descriptors.lifeline).write(`${execution}\n`);
    this.#send({ type: "interrupt", execution });
  }

  async #untilStopped(running: Running): Promise<void> {
    const isStopped = await within(interruptDeadlineMs, running.settled);
    if (isStopped || this.#running !== running || this.#hasEnded()) return;
    this.#plannedEnd ??= {
      isExpected: false,
      reason:
        "The cell did not stop within 5 s, so the runtime was replaced: its variables are gone.",
    };
    this.#killGroup();
    await this.ended;
  }

  #readPackets(chunk: Buffer): void {
    // Raw output that came before is told first when both are there to be read.
    setImmediate(() => {
      this.#unread.push(...this.#packets.push(chunk));
      this.#tellPackets();
    });
  }

  #tellPackets(): void {
    let text: { name: "stdout" | "stderr"; execution: number; parts: string[] } | undefined;
    const tell = () => {
      if (text === undefined) return;
      const { name, execution, parts } = text;
      text = undefined;
      this.#tell({ type: "stream", execution, name, text: parts.join("") });
    };
    while (!this.#isWaitingForRaw) {
      const packet = this.#unread.shift();
      if (packet === undefined) break;
      if (packet.kind === "stream") {
        if (text?.name !== packet.name || text.execution !== packet.execution) {
          tell();
          text = { name: packet.name, execution: packet.execution, parts: [] };
        }
        text.parts.push(packet.text);
      } else {
        tell();
        // Only our own program writes messages here.
        this.#receive(packet.message as MessageFromRuntime);
      }
    }
    tell();
  }

  /** Messages and raw output meet here, so that neither is told before what came first. */
  async #takeTurn(turn: number): Promise<void> {
    this.#isWaitingForRaw = true;
    const { stdout, stderr } = this.#output;
    await within(drainDeadlineMs, Promise.all([stdout.reached(turn), stderr.reached(turn)]));
    stdout.release(turn);
    stderr.release(turn);
    this.#isWaitingForRaw = false;
    this.#tellPackets();
  }

  #receive(message: MessageFromRuntime): void {
    switch (message.type) {
      case "ready":
        this.#heapLimitBytes = message.heapLimitBytes;
        this.#becomeReady();
        return;
      case "event":
        this.#tell(message.event);
        return;
      case "blocking-input":
        this.#isBlockedOnInput = true;
        this.#tell(message.event);
        return;
      case "outcome":
        void this.#settle(message.execution, message.outcome);
        return;
      case "magics":
        if (message.isAnswer) this.#magicsRequests.shift()?.(message.magics);
        for (const listener of this.#magicsListeners) listener(message.magics);
        return;
      case "turn":
        void this.#takeTurn(message.turn);
        return;
      case "exit":
        this.#exitCode = message.code;
    }
  }

  async #settle(execution: number, outcome: ExecuteOutcome): Promise<void> {
    const { stdout, stderr } = this.#output;
    await within(
      drainDeadlineMs,
      Promise.all([stdout.drained(execution), stderr.drained(execution)]),
    );
    const running = this.#running;
    if (running?.execution !== execution) return;
    this.#running = undefined;
    running.resolve(outcome);
  }

  #tell(event: RuntimeEvent): void {
    for (const listener of this.#eventListeners) listener(event);
  }

  #send(message: MessageToRuntime): void {
    this.#messageNumber = (this.#messageNumber + 1) >>> 0;
    const stream = this.#stream(descriptors.requests);
    for (const packet of messagePackets(message, this.#messageNumber)) stream.write(packet);
  }

  #answer(answer: InputAnswer): void {
    this.#isBlockedOnInput = false;
    const bytes = serialize(answer);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    this.#stream(descriptors.answers).write(Buffer.concat([length, bytes]));
  }

  #rawOutput(name: "stdout" | "stderr", token: string): RawOutput {
    const output = new RawOutput(token, (text) =>
      this.#tell({ type: "stream", execution: this.#latestExecution, name, text }),
    );
    this.#child[name]?.on("data", (chunk: Buffer) => output.push(chunk));
    return output;
  }

  #stream(descriptor: number): Duplex {
    // All of them are made as pipes below, which are sockets on this side.
    return this.#child.stdio[descriptor] as Readable as Duplex;
  }

  async #watchStart(): Promise<void> {
    const { promise, resolve } = withResolvers<void>();
    this.#becomeReady = resolve;
    const failed = this.ended.then(({ reason }) => {
      throw new KernelError("RUNTIME_GONE", `The runtime did not start. ${reason}`);
    });
    failed.catch(() => undefined);
    if ((await within(startDeadlineMs, Promise.race([promise, failed]))) === false) {
      this.#killGroup();
      throw new KernelError("RUNTIME_GONE", "The runtime did not start within 20 s.");
    }
  }

  async #watchEnd(): Promise<RuntimeEnd> {
    for (const stream of this.#child.stdio) {
      // Writing to a process that is gone fails; its end is told by `ended`.
      stream?.on("error", () => undefined);
    }
    const [code, signal] = await untilExit(this.#child);
    this.#killGroup();
    for (const output of Object.values(this.#output)) output.release(Number.POSITIVE_INFINITY);
    await within(drainDeadlineMs, untilClosed(this.#child));
    // Packets are read one turn after they came.
    await new Promise((resolve) => setImmediate(resolve));
    const end =
      this.#plannedEnd ??
      endReason({
        code,
        signal,
        exitCode: this.#exitCode,
        heapLimitBytes: this.#heapLimitBytes,
        errorTail: this.#output.stderr.tail,
      });
    this.#running?.reject(new KernelError("RUNTIME_GONE", end.reason));
    this.#running = undefined;
    return end;
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #endsWithin(milliseconds: number): Promise<boolean> {
    return within(milliseconds, this.ended);
  }

  /** The runtime leads a process group of its own, with the shell commands it started. */
  #killGroup(): void {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch {
      // Nobody is left in the group.
    }
    if (!this.#hasEnded()) this.#child.kill("SIGKILL");
  }
}

function spawnRuntime({ folder, environment, extensions }: RuntimeOptions, token: string) {
  const main = fileURLToPath(new URL("./main.js", import.meta.url));
  const child = spawn(
    process.execPath,
    [
      // Terminating a loop below a timer leaves the bookkeeping of async hooks behind, which would
      // make Node abort.
      "--no-force-async-hooks-checks",
      "--disable-warning=ExperimentalWarning",
      main,
    ],
    {
      cwd: folder,
      env: {
        ...environment,
        COLABCODE_RUNTIME: JSON.stringify({ token, folder, extensions }),
      },
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe", "pipe"],
    },
  );
  return child;
}

async function untilExit(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  if (child.pid === undefined) {
    await once(child, "error");
    return [null, null];
  }
  // Both are there for as long as the process is an event emitter of Node.
  return (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
}

async function untilClosed(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => child.once("close", () => resolve()));
}

/** True when `promise` resolves in time, false when the time is over; rejects as it does. */
async function within(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
