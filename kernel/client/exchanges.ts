import type { KernelError } from "../errors.ts";
import type { Channel } from "../protocol/connection.ts";
import type { Message } from "../protocol/message.ts";

/** Who listens to what comes for one request besides its reply. */
export interface Listeners {
  readonly onReply?: ((message: Message) => void) | undefined;
  readonly onBroadcast?: ((message: Message) => void) | undefined;
  readonly onInput?: ((message: Message) => void) | undefined;
}

interface Exchange extends Listeners {
  readonly resolve: (reply: Message) => void;
  readonly reject: (error: KernelError) => void;
  reply: Message | undefined;
  isIdle: boolean;
}

/** The requests of a client that are not done: each ends with its reply and idle, in either order. */
export class Exchanges {
  readonly #open = new Map<string, Exchange>();

  /** Follows the request `id`; resolves with its reply when idle has come too. */
  begin(id: string, listeners: Listeners = {}): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.#open.set(id, { ...listeners, resolve, reject, reply: undefined, isIdle: false });
    });
  }

  /** Takes in a message; false where it belongs to no request that is open. */
  receive(channel: Channel, message: Message): boolean {
    const id = String(message.parentHeader.msg_id ?? "");
    const exchange = this.#open.get(id);
    if (exchange === undefined) return false;
    if (channel === "stdin") exchange.onInput?.(message);
    else if (channel === "iopub") {
      exchange.onBroadcast?.(message);
      exchange.isIdle ||= message.content.execution_state === "idle";
    } else {
      exchange.onReply?.(message);
      exchange.reply = message;
    }
    if (exchange.isIdle && exchange.reply !== undefined) {
      this.#open.delete(id);
      exchange.resolve(exchange.reply);
    }
    return true;
  }

  /** The kernel is gone: rejects everything that is open. */
  fail(error: KernelError): void {
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}
