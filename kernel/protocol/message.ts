import { randomUUID } from "node:crypto";
import type { JsonObject } from "./json.ts";

/** The version of the Jupyter messaging specification that the kernel speaks. */
export const protocolVersion = "5.4";

/** Who asked and what: the fields every message has, with whatever else its sender put there. */
export interface Header extends JsonObject {
  readonly msg_id: string;
  readonly msg_type: string;
}

/** One message of the Jupyter protocol, without its signature. */
export interface Message {
  /** Routing prefix: the peer on a ROUTER socket, the topic on iopub. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  /** Header of the request this belongs to; empty where there is none. */
  readonly parentHeader: JsonObject;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

export interface MessageParts {
  readonly parentHeader?: JsonObject;
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
  readonly identities?: readonly Uint8Array[];
}

/** Makes the messages of one session: one side of a conversation, from its start to its end. */
export class MessageFactory {
  readonly session = randomUUID();
  readonly #username: string;
  #count = 0;

  constructor(username: string) {
    this.#username = username;
  }

  create(type: string, content: JsonObject, parts: MessageParts = {}): Message {
    this.#count += 1;
    return {
      identities: parts.identities ?? [],
      header: {
        msg_id: `${this.session}_${this.#count}`,
        session: this.session,
        username: this.#username,
        date: new Date().toISOString(),
        msg_type: type,
        version: protocolVersion,
      },
      parentHeader: parts.parentHeader ?? {},
      metadata: parts.metadata ?? {},
      content,
      buffers: parts.buffers ?? [],
    };
  }
}
