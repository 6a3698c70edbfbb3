import type { KernelClient } from "../../kernel/client/kernel-client.ts";
import type { Message } from "../../kernel/protocol/message.ts";

/** What a kernel says on iopub from now on, each message as `type: text` of its own request. */
export class Conversation {
  readonly messages: Message[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(kernel: KernelClient) {
    kernel.onBroadcast((message) => {
      this.messages.push(message);
      for (const check of this.#waiting) check();
    });
  }

  /** Resolves with the first message that passes; rejects after `deadlineMs`. */
  until(passes: (message: Message) => boolean, deadlineMs = 10_000): Promise<Message> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        const seen = this.messages.map(summaryOf).join("\n");
        reject(new Error(`No such message within ${deadlineMs} ms. There were:\n${seen}`));
      }, deadlineMs);
      const check = () => {
        const found = this.messages.find(passes);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Messages that answer the request `id`, in order. */
  about(id: string): string[] {
    return this.messages.filter(({ parentHeader }) => parentHeader.msg_id === id).map(summaryOf);
  }
}

/** A message in a few words: `status: busy`, `stream: text`, `error: Name`. */
export function summaryOf({ header, content }: Message): string {
  const { execution_state, text, code, ename, data } = content;
  const detail = execution_state ?? text ?? code ?? ename ?? (data ? JSON.stringify(data) : "");
  return `${header.msg_type}: ${String(detail)}`;
}
