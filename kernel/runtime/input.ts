import { readSync } from "node:fs";
import { deserialize } from "node:v8";
import { KernelError } from "../errors.ts";
import type { Input } from "../extension.ts";
import { outputCell, outputExecution, runningCell } from "./cell-context.ts";
import { send } from "./event-writer.ts";
import { descriptors, type InputAnswer } from "./runtime-message.ts";

interface Waiting {
  readonly event: {
    readonly prompt: string;
    readonly password: boolean;
    readonly execution: number;
  };
  readonly settle: (value: string | undefined) => void;
}

const waiting: Waiting[] = [];

/** Asks the person in the front end; one question at a time, in order. */
export const input: Input = {
  get isAllowed() {
    return isAllowed();
  },
  ask(prompt, { password = false, signal } = {}) {
    return new Promise((resolve, reject) => {
      if (!isAllowed()) {
        reject(notAllowed());
        return;
      }
      const entry: Waiting = {
        event: { prompt, password, execution: outputExecution() },
        settle: (value) => (value === undefined ? reject(noAnswer()) : resolve(value)),
      };
      const end = (reason: unknown) => {
        const index = waiting.indexOf(entry);
        if (index !== -1) waiting.splice(index, 1);
        reject(reason instanceof Error ? reason : noAnswer());
        // The question on the screen is answered by nobody; its late answer finds none waiting.
        if (index === 0) askFirst();
      };
      const signals = [signal, outputCell()?.abort.signal].filter((item) => item !== undefined);
      for (const each of signals) {
        if (each.aborted) return end(each.reason);
        each.addEventListener("abort", () => end(each.reason), { once: true });
      }
      waiting.push(entry);
      if (waiting.length === 1) askFirst();
    });
  },
};

function askFirst(): void {
  const first = waiting[0];
  if (first !== undefined) send({ type: "event", event: { type: "input", ...first.event } });
}

/** Gives the answer to the question that was asked first. */
export function settleInput(value: string | undefined): void {
  waiting.shift()?.settle(value);
  askFirst();
}

/** Asks and blocks the thread until the answer is there; null when there is none. */
export function promptBlocking(text = "", fallback?: string): string | null {
  if (!isAllowed()) throw notAllowed();
  const event = {
    type: "input",
    prompt: text,
    password: false,
    execution: outputExecution(),
  } as const;
  send({ type: "blocking-input", event });
  const answer = readAnswer();
  if (answer.type === "interrupted") {
    throw new KernelError("INTERRUPTED", "The question was interrupted.");
  }
  if (answer.value === undefined) return null;
  return answer.value === "" && fallback !== undefined ? fallback : answer.value;
}

function readAnswer(): InputAnswer {
  const length = readExactly(4).readUInt32LE(0);
  // Only the kernel process writes here, answers only.
  return deserialize(readExactly(length)) as InputAnswer;
}

function readExactly(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let offset = 0;
  while (offset < length) {
    try {
      const count = readSync(descriptors.answers, bytes, offset, length - offset, null);
      if (count === 0) process.kill(process.pid, "SIGKILL");
      offset += count;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else if (code !== "EINTR") throw error;
    }
  }
  return bytes;
}

function isAllowed(): boolean {
  return (runningCell() ?? outputCell())?.isInputAllowed ?? false;
}

function notAllowed(): KernelError {
  return new KernelError("NO_INPUT", "This front end takes no input for this cell.", {
    hint: "Run the notebook in JupyterLab or VS Code, or give the value by an environment variable.",
  });
}

function noAnswer(): KernelError {
  return new KernelError("NO_INPUT", "The question was not answered.");
}
