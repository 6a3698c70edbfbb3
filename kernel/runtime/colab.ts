import { randomUUID } from "node:crypto";
import { KernelError } from "../errors.ts";
import { outputExecution } from "./cell-context.ts";
import { send } from "./event-writer.ts";
import type { ColabAnswer } from "./runtime.ts";

const waiting = new Map<string, (answer: ColabAnswer) => void>();

/** Asks Colab's page and gives the data of its answer; what comes after `signal` is dropped. */
export function askColab(type: string, request: unknown, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const id = randomUUID();
    const end = () => {
      waiting.delete(id);
      reject(signal.reason);
    };
    signal.addEventListener("abort", end, { once: true });
    waiting.set(id, (answer) => {
      signal.removeEventListener("abort", end);
      if ("data" in answer) resolve(answer.data);
      else reject(new KernelError("NO_ANSWER", `Colab did not answer: ${answer.error}`));
    });
    const event = { execution: outputExecution(), id, requestType: type, request };
    send({ type: "event", event: { type: "colab", ...event } });
  });
}

/** Gives the page's answer to whoever asked. */
export function settleColab(id: string, answer: ColabAnswer): void {
  const settle = waiting.get(id);
  waiting.delete(id);
  settle?.(answer);
}
