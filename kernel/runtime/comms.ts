import { randomUUID } from "node:crypto";
import type { Comm, Comms, MimeBundle } from "../extension.ts";
import { outputExecution } from "./cell-context.ts";
import { send } from "./event-writer.ts";
import { jsonValue } from "./json-value.ts";
import type { CommMessage } from "./runtime-message.ts";

type MessageListener = (data: unknown, buffers: readonly Uint8Array[]) => void;

class OpenComm implements Comm {
  readonly id: string;
  readonly target: string;
  readonly messageListeners: MessageListener[] = [];
  readonly closeListeners: ((data: unknown) => void)[] = [];

  constructor(id: string, target: string) {
    this.id = id;
    this.target = target;
  }

  send(data: unknown, options: { metadata?: unknown; buffers?: readonly Uint8Array[] } = {}): void {
    if (open.has(this.id)) sendComm("comm_msg", this, { data, ...options });
  }

  close(data?: unknown): void {
    if (open.delete(this.id)) sendComm("comm_close", this, { data });
  }

  onMessage(listener: MessageListener): void {
    this.messageListeners.push(listener);
  }

  onClose(listener: (data: unknown) => void): void {
    this.closeListeners.push(listener);
  }
}

const open = new Map<string, OpenComm>();
const targets = new Map<string, (comm: Comm, data: unknown) => void>();

export const comms: Comms = {
  open(target, data, options = {}) {
    const comm = new OpenComm(randomUUID().replaceAll("-", ""), target);
    open.set(comm.id, comm);
    sendComm("comm_open", comm, { data, ...options });
    return comm;
  },
  registerTarget(target, onOpen) {
    targets.set(target, onOpen);
  },
};

/** A comm message of the front end; one that opens an unknown target is answered by a close. */
export function receiveComm({ message, commId, target, data, buffers }: CommMessage): void {
  switch (message) {
    case "comm_open": {
      const comm = new OpenComm(commId, target ?? "");
      const onOpen = targets.get(comm.target);
      if (onOpen === undefined) {
        sendComm("comm_close", comm, { data: {} });
        return;
      }
      open.set(commId, comm);
      onOpen(comm, data);
      return;
    }
    case "comm_msg":
      for (const listener of open.get(commId)?.messageListeners ?? []) listener(data, buffers);
      return;
    case "comm_close": {
      const comm = open.get(commId);
      open.delete(commId);
      for (const listener of comm?.closeListeners ?? []) listener(data);
    }
  }
}

interface Content {
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly buffers?: readonly Uint8Array[];
}

function sendComm(message: CommMessage["message"], comm: Comm, content: Content): void {
  send({
    type: "event",
    event: {
      type: "comm",
      execution: outputExecution(),
      message,
      commId: comm.id,
      target: message === "comm_open" ? comm.target : undefined,
      data: jsonValue(content.data ?? {}),
      metadata: jsonValue((content.metadata ?? {}) as MimeBundle),
      buffers: (content.buffers ?? []).map((bytes) => new Uint8Array(bytes)),
    },
  });
}
