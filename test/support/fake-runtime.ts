import { EventEmitter, once } from "node:events";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import type {
  ErrorContent,
  ExecuteOutcome,
  ExecuteRequest,
  Runtime,
  RuntimeEnd,
  RuntimeEvent,
} from "../../kernel/runtime/runtime.ts";

/**
 * A runtime whose cells are lines of commands: `print TEXT`, `warn TEXT`, `flood LINES`, `show TEXT`,
 * `update TEXT`, `clear`, `bequeath TEXT`, `keep`, `value TEXT`, `fail`, `wait` (until interrupted), `late TEXT` (after the cell),
 * `ask PROMPT`, `die`, `open ID`.
 */
export async function startFakeRuntime(): Promise<Runtime> {
  await delay(10);
  return new FakeRuntime();
}

class FakeRuntime implements Runtime {
  readonly pid = process.pid;
  readonly ended: Promise<RuntimeEnd>;
  isRunning = true;
  readonly #bus = new EventEmitter();

  constructor() {
    this.#bus.once("end", () => {
      this.isRunning = false;
    });
    this.ended = once(this.#bus, "end").then(([end]: RuntimeEnd[]) => end ?? never());
  }

  async execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    const base = { variables: [], payload: [], isReset: false };
    const { execution } = request.cell;
    let result: { data: Record<string, unknown>; metadata: Record<string, unknown> } | undefined;
    for (const line of (request.compiled.output ?? "").split("\n")) {
      const [command = "", rest = ""] = /^(\S*) ?(.*)$/.exec(line)?.slice(1) ?? [];
      if (command === "value") result = { data: { "text/plain": rest }, metadata: {} };
      const error = await this.#run(command, rest, execution);
      if (error !== undefined) {
        const isInterrupt = error.ename === "Interrupted";
        return { ...base, status: "error", error, isInterrupt, unsetNames: [] };
      }
    }
    const expressions = Object.fromEntries(
      Object.entries(request.expressions).map(([name, { output }]) => [
        name,
        { status: "ok" as const, data: { "text/plain": output }, metadata: {} },
      ]),
    );
    return { ...base, status: "ok", result, expressions };
  }

  async #run(command: string, text: string, execution: number): Promise<ErrorContent | undefined> {
    const display = { type: "display", execution, metadata: {}, displayId: "d" } as const;
    switch (command) {
      case "print":
        this.#emit({ type: "stream", execution, name: "stdout", text: `${text}\n` });
        return undefined;
      case "warn":
        this.#emit({ type: "stream", execution, name: "stderr", text: `${text}\n` });
        return undefined;
      case "flood":
        for (let number = 0; number < Number(text); number++) {
          this.#emit({ type: "stream", execution, name: "stdout", text: `${number}\n` });
          if (number % 1_000 === 0) await turn();
        }
        return undefined;
      case "show":
        this.#emit({ ...display, isUpdate: false, data: { "text/plain": text } });
        return undefined;
      case "update":
        this.#emit({ ...display, isUpdate: true, data: { "text/plain": text } });
        return undefined;
      case "clear":
        this.#emit({ type: "clear", execution, wait: false });
        return undefined;
      case "bequeath":
      case "keep": {
        const data = command === "keep" ? undefined : { "text/plain": text };
        this.#emit({ type: "last-will", execution, displayId: "d", data });
        return undefined;
      }
      case "fail":
        return { ename: "Error", evalue: text, traceback: [`Error: ${text}`] };
      case "wait":
        await once(this.#bus, "interrupt");
        return { ename: "Interrupted", evalue: "", traceback: [] };
      case "late":
        setTimeout(() => void this.#run("print", text, execution), 200);
        return undefined;
      case "ask": {
        this.#emit({ type: "input", execution, prompt: text, password: false });
        const [answer] = await Promise.race([
          once(this.#bus, "input"),
          once(this.#bus, "interrupt").then(() => ["interrupted"]),
        ]);
        return this.#run("print", String(answer), execution);
      }
      case "open":
        this.#emit({
          type: "comm",
          execution,
          message: "comm_open",
          commId: text,
          target: "fake",
          data: { opened: true },
          metadata: {},
          buffers: [Buffer.from("bytes")],
        });
        return undefined;
      case "die":
        this.#bus.emit("end", { isExpected: false, reason: "it was told to die" });
        return new Promise(() => {});
      default:
        return undefined;
    }
  }

  #emit(event: RuntimeEvent): void {
    this.#bus.emit("event", event);
  }

  async interrupt(): Promise<void> {
    this.#bus.emit("interrupt");
  }

  answerInput(value: string | undefined): void {
    this.#bus.emit("input", value);
  }

  answerColab(): void {}

  answerHistory(): void {}

  /** Sends back what comes, as a runtime's comm that echoes would. */
  sendComm(message: Parameters<Runtime["sendComm"]>[0]): void {
    this.#emit({ ...message, type: "comm", execution: 0, message: "comm_msg" });
  }

  async loadMagics(): ReturnType<Runtime["loadMagics"]> {
    return [{ name: "fake", summary: "", body: "none", commands: [] }];
  }

  onMagics(): void {}

  onEvent(listener: (event: RuntimeEvent) => void): void {
    this.#bus.on("event", listener);
  }

  async shutdown(): Promise<void> {
    this.#bus.emit("end", { isExpected: true, reason: "shutdown" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }
}

function never(): never {
  throw new Error("a runtime ended without saying how");
}
