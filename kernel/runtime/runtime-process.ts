import { randomBytes } from "node:crypto";
import { KernelError } from "../errors.ts";
import type { MagicDescription } from "../extension.ts";
import { endReason } from "./end-reason.ts";
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
import { RuntimeChild } from "./runtime-child.ts";
import type { CommMessage, InputAnswer } from "./runtime-message.ts";
import { RuntimeSpeech, type SpeechListeners } from "./runtime-speech.ts";
import { withResolvers } from "./with-resolvers.ts";
import { within } from "./within.ts";

const startDeadlineMs = 20_000;
const interruptDeadlineMs = 5_000;
const closeDeadlineMs = 500;
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
  readonly #child: RuntimeChild;
  readonly #speech: RuntimeSpeech;
  readonly #eventListeners: ((event: RuntimeEvent) => void)[] = [];
  readonly #magicsListeners: ((magics: readonly MagicDescription[]) => void)[] = [];
  readonly #magicsRequests: ((magics: readonly MagicDescription[]) => void)[] = [];
  #running: Running | undefined;
  #isBlockedOnInput = false;
  #becomeReady: () => void = () => undefined;
  #exitCode: number | undefined;
  #heapLimitBytes: number | undefined;
  #plannedEnd: RuntimeEnd | undefined;
  #interrupting: Promise<void> | undefined;
  #shuttingDown: Promise<void> | undefined;

  constructor(options: RuntimeOptions) {
    const token = randomBytes(8).toString("hex");
    this.#child = new RuntimeChild(options, token);
    this.pid = this.#child.pid;
    this.#speech = new RuntimeSpeech(this.#child, token, {
      onStream: (event) => this.#tell(event),
      onMessage: (message) => this.#receive(message),
    });
    this.ended = this.#watchEnd();
    this.ready = this.#watchStart();
  }

  get isRunning(): boolean {
    return !this.#child.hasEnded;
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
    if (this.#child.hasEnded) {
      reject(new KernelError("RUNTIME_GONE", "The runtime has ended."));
      return promise;
    }
    const settled = promise.then(
      () => undefined,
      () => undefined,
    );
    this.#running = { execution, resolve, reject, settled };
    this.#speech.latestExecution = execution;
    this.#child.send({ type: "execute", request });
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
    else this.#child.send({ type: "input", value });
  }

  answerColab(id: string, answer: ColabAnswer): void {
    this.#child.send({ type: "colab", id, answer });
  }

  answerHistory(cells: readonly PastCell[]): void {
    this.#child.send({ type: "history", cells });
  }

  sendComm(comm: CommMessage): void {
    this.#child.send({ type: "comm", comm });
  }

  loadMagics(): Promise<readonly MagicDescription[]> {
    const { promise, resolve, reject } = withResolvers<readonly MagicDescription[]>();
    if (this.#child.hasEnded) {
      reject(new KernelError("RUNTIME_GONE", "The runtime has ended."));
      return promise;
    }
    this.#magicsRequests.push(resolve);
    void this.ended.then(({ reason }) => reject(new KernelError("RUNTIME_GONE", reason)));
    this.#child.send({ type: "magics" });
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
    if (this.#child.hasEnded) return;
    this.#plannedEnd ??= { isExpected: true, reason: "The runtime was shut down." };
    if (this.#running !== undefined) this.#askToStop(this.#running);
    this.#child.send({ type: "shutdown" });
    if (await this.#endsWithin(shutdown.listenersMs)) return;
    this.#child.terminate();
    if (await this.#endsWithin(shutdown.terminateMs)) return;
    this.#child.kill();
    await this.ended;
  }

  #askToStop({ execution }: Running): void {
    if (this.#isBlockedOnInput) this.#answer({ type: "interrupted" });
    this.#child.interrupt(execution);
  }

  #answer(answer: InputAnswer): void {
    this.#isBlockedOnInput = false;
    this.#child.answer(answer);
  }

  async #untilStopped(running: Running): Promise<void> {
    const isStopped = await within(interruptDeadlineMs, running.settled);
    if (isStopped || this.#running !== running || this.#child.hasEnded) return;
    this.#plannedEnd ??= {
      isExpected: false,
      reason:
        "The cell did not stop within 5 s, so the runtime was replaced: its variables are gone.",
    };
    this.#child.kill();
    await this.ended;
  }

  #receive(message: Parameters<SpeechListeners["onMessage"]>[0]): void {
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
      case "exit":
        this.#exitCode = message.code;
    }
  }

  async #settle(execution: number, outcome: ExecuteOutcome): Promise<void> {
    await this.#speech.drain(execution);
    const running = this.#running;
    if (running?.execution !== execution) return;
    this.#running = undefined;
    running.resolve(outcome);
  }

  #tell(event: RuntimeEvent): void {
    for (const listener of this.#eventListeners) listener(event);
  }

  async #watchStart(): Promise<void> {
    const { promise, resolve } = withResolvers<void>();
    this.#becomeReady = resolve;
    const failed = this.ended.then(({ reason }) => {
      throw new KernelError("RUNTIME_GONE", `The runtime did not start. ${reason}`);
    });
    failed.catch(() => undefined);
    if ((await within(startDeadlineMs, Promise.race([promise, failed]))) === false) {
      this.#child.kill();
      throw new KernelError("RUNTIME_GONE", "The runtime did not start within 20 s.");
    }
  }

  async #watchEnd(): Promise<RuntimeEnd> {
    const [code, signal] = await this.#child.untilExit();
    this.#child.kill();
    this.#speech.release();
    await within(closeDeadlineMs, this.#child.untilClosed());
    // Packets are read one turn after they came.
    await new Promise((resolve) => setImmediate(resolve));
    const end =
      this.#plannedEnd ??
      endReason({
        code,
        signal,
        exitCode: this.#exitCode,
        heapLimitBytes: this.#heapLimitBytes,
        errorTail: this.#speech.errorTail,
      });
    this.#running?.reject(new KernelError("RUNTIME_GONE", end.reason));
    this.#running = undefined;
    return end;
  }

  #endsWithin(milliseconds: number): Promise<boolean> {
    return within(milliseconds, this.ended);
  }
}
