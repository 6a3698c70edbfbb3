import type { Message } from "../protocol/message.ts";
import type { ColabAnswer } from "../runtime/runtime.ts";

/**
 * What Colab's page answers to a `colab_request`: an `input_reply` whose value is an object, which
 * no user typed. Undefined for every other message.
 */
export function colabAnswerIn(message: Message): { id: string; answer: ColabAnswer } | undefined {
  if (message.header.msg_type !== "input_reply") return undefined;
  const { value } = message.content;
  if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
  if (value.type !== "colab_reply" || !("colab_msg_id" in value)) return undefined;
  const { colab_msg_id: id } = value;
  if (typeof id !== "string") return undefined;
  if ("error" in value) return { id, answer: { error: String(value.error) } };
  return { id, answer: { data: "data" in value ? value.data : undefined } };
}
