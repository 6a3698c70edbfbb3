import type { Message } from "../protocol/message.ts";
import type { Outbox } from "./outbox.ts";

/** Carries questions of a cell to the front end that runs it, one at a time, and answers back. */
export class InputRequests {
  readonly #outbox: Outbox;
  #questionId: string | undefined;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  ask(request: Message, question: { readonly prompt: string; readonly password: boolean }): void {
    const { prompt, password } = question;
    this.#questionId = this.#outbox.ask(request, { prompt, password });
  }

  /**
   * The answer in a message that came on stdin; undefined where it answers nothing that is asked,
   * or is not text: other programs send objects this way that no user typed.
   */
  answerIn(message: Message): string | undefined {
    if (this.#questionId === undefined || message.header.msg_type !== "input_reply") return;
    const answered = message.parentHeader.msg_id;
    if (typeof answered === "string" && answered !== this.#questionId) return;
    const { value } = message.content;
    if (typeof value !== "string") return;
    this.#questionId = undefined;
    return value;
  }

  /** Nobody waits for an answer any more. */
  cancel(): void {
    this.#questionId = undefined;
  }
}
