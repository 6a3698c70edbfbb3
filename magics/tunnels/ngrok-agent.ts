import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { helperEnvironment } from "./helper-environment.ts";
import {
  type AgentFailure,
  type AgentMessage,
  type AgentRequest,
  agentGone,
} from "./ngrok-messages.ts";

/** An answer of the agent process that is a failure, as it came. */
export class AgentCallError extends Error {
  readonly failure: AgentFailure;

  constructor(failure: AgentFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

export type AgentEvent = Exclude<AgentMessage, { type: "done" | "failed" }>;

interface Waiting {
  readonly resolve: (url: string | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** One agent process, seen from its parent. Calls have no limit in time of their own: the native agent may hang. */
export class NgrokAgent {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<unknown>;
  #lastLines = "";
  #calls = 0;

  constructor(listeners: { onEvent: (event: AgentEvent) => void; onExit: () => void }) {
    const program = fileURLToPath(new URL("./ngrok-agent-process.js", import.meta.url));
    this.#child = fork(program, [], {
      env: helperEnvironment(),
      execArgv: [],
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#exited = once(this.#child, "exit").catch(() => {}); // A failed start has no process to wait for.
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#lastLines = (this.#lastLines + chunk.toString()).slice(-2_000);
    });
    // The other side only sends what ngrok-messages.ts names.
    this.#child.on("message", (message) => this.#take(message as AgentMessage, listeners.onEvent));
    this.#child.on("error", (error) => {
      this.#settleAll(`${agentGone}: ${error.message}`);
      listeners.onExit();
    });
    this.#child.on("exit", (_code, signal) => {
      const end = signal === null ? agentGone : `${agentGone} by ${signal}`;
      this.#settleAll(`${end}: ${this.#lastLines.trim() || "it said nothing"}`);
      listeners.onExit();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  call(request: AgentRequest): Promise<string | undefined> {
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      if (!this.#child.connected) return this.#settleAll(agentGone);
      this.#child.send({ call, ...request }, (error) => {
        if (error !== null) this.#settleAll(`${agentGone}: ${error.message}`);
      });
    });
  }

  /** Resolves when the process is gone. */
  async kill(): Promise<void> {
    if (this.#child.pid === undefined) return;
    this.#child.kill("SIGKILL");
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.#exited;
  }

  #take(message: AgentMessage, onEvent: (event: AgentEvent) => void): void {
    if (message.type !== "done" && message.type !== "failed") return onEvent(message);
    const waiting = this.#waiting.get(message.call);
    this.#waiting.delete(message.call);
    if (message.type === "done") waiting?.resolve(message.url);
    else waiting?.reject(new AgentCallError(message.failure));
  }

  #settleAll(message: string): void {
    for (const { reject } of this.#waiting.values()) {
      reject(new AgentCallError({ code: undefined, message }));
    }
    this.#waiting.clear();
  }
}
