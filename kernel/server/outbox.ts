import type { Broadcast } from "../protocol/broadcast.ts";
import type { JsonObject } from "../protocol/json.ts";
import { type Message, MessageFactory, type MessageParts } from "../protocol/message.ts";
import type { KernelSockets } from "../protocol/sockets.ts";
import type { WireCodec } from "../protocol/wire-codec.ts";

type ReplyingChannel = "shell" | "control" | "stdin";

/** Everything the kernel says goes through here: made into messages, signed and queued in order. */
export class Outbox {
  readonly messages = new MessageFactory("kernel");
  readonly #codec: WireCodec;
  #sockets: KernelSockets | undefined;

  constructor(codec: WireCodec) {
    this.#codec = codec;
  }

  /** Nothing can be said before the sockets are bound. */
  attach(sockets: KernelSockets): void {
    this.#sockets = sockets;
  }

  /** Says `broadcast` on iopub as part of answering `parent`. */
  publish(parent: Message | undefined, broadcast: Broadcast, parts: MessageParts = {}): void {
    const topic = `kernel.${this.messages.session}.${broadcast.type}`;
    this.#publish(parent, broadcast, { identities: [Buffer.from(topic)], ...parts });
  }

  /** Tells a new subscriber of `topic` that its subscription is in force. */
  welcome(topic: Buffer): void {
    const content = { subscription: topic.toString() };
    this.#publish(undefined, { type: "iopub_welcome", content }, { identities: [topic] });
  }

  reply(
    channel: "shell" | "control",
    request: Message,
    content: JsonObject,
    metadata: JsonObject = {},
  ): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.#answer(channel, request, { type, content, metadata });
  }

  /** Asks the front end that sent `request` for a line of input; returns the question's id. */
  ask(request: Message, content: JsonObject): string {
    return this.#answer("stdin", request, { type: "input_request", content, metadata: {} });
  }

  #publish(parent: Message | undefined, broadcast: Broadcast, parts: MessageParts): void {
    const { type, content } = broadcast;
    // A broadcast's content is an object with the fields its type lists.
    const fields = content as unknown as JsonObject;
    const parentHeader = parent?.header ?? {};
    this.#send("iopub", this.messages.create(type, fields, { parentHeader, ...parts }));
  }

  #answer(
    channel: ReplyingChannel,
    request: Message,
    answer: { type: string; content: JsonObject; metadata: JsonObject },
  ): string {
    const { identities, header: parentHeader } = request;
    const { type, content, metadata } = answer;
    const message = this.messages.create(type, content, { identities, parentHeader, metadata });
    this.#send(channel, message);
    return message.header.msg_id;
  }

  #send(channel: ReplyingChannel | "iopub", message: Message): void {
    this.#sockets?.send(channel, this.#codec.encode(message));
  }
}
