import { randomUUID } from "node:crypto";
import type { Comm, Comms, MimeBundle } from "../extension.ts";
import { type CellContext, contextCell, inCell, outputExecution } from "./cell-context.ts";
import { send } from "./event-writer.ts";
import { jsonValue } from "./json-value.ts";
import { reportLateError } from "./late-errors.ts";
import type { CommMessage } from "./runtime-message.ts";
import { WidgetModels } from "./widget-models.ts";

type MessageListener = (data: unknown, buffers: readonly Uint8Array[]) => void;

interface Target {
  readonly onOpen: (comm: Comm, data: unknown) => void;
  /** The cell that registered it. */
  readonly cell: CellContext | undefined;
}

class OpenComm implements Comm {
  readonly id: string;
  readonly target: string;
  readonly messageListeners: MessageListener[] = [];
  readonly closeListeners: ((data: unknown) => void)[] = [];
  readonly #cell: CellContext | undefined;

  /** `cell` is where the outputs and errors of its listeners are shown. */
  constructor(id: string, target: string, cell = contextCell()) {
    this.id = id;
    this.target = target;
    this.#cell = cell;
  }

  /** Calls code that listens; what it throws is told and stops nobody else. */
  call(listener: () => void): void {
    const run = () => {
      try {
        listener();
      } catch (error) {
        reportLateError(error);
      }
    };
    if (this.#cell === undefined) run();
    else inCell(this.#cell, run);
  }

  send(data: unknown, options: { metadata?: unknown; buffers?: readonly Uint8Array[] } = {}): void {
    if (!open.has(this.id)) return;
    widgets.note(this.id, data, options.buffers);
    sendComm("comm_msg", this, { data, ...options });
  }

  close(data?: unknown): void {
    if (!open.delete(this.id)) return;
    widgets.close(this.id);
    sendComm("comm_close", this, { data });
  }

  onMessage(listener: MessageListener): void {
    this.messageListeners.push(listener);
  }

  onClose(listener: (data: unknown) => void): void {
    this.closeListeners.push(listener);
  }
}

const open = new Map<string, OpenComm>();
const widgets = new WidgetModels();
const targets = new Map<string, Target>([
  ["jupyter.widget.control", { onOpen: answerForWidgets, cell: undefined }],
]);

/** Tells a page that was loaded anew, while the kernel lived, of the widgets that are there. */
function answerForWidgets(comm: Comm): void {
  comm.onMessage((message) => {
    const isMessage = typeof message === "object" && message !== null && "method" in message;
    if (!isMessage || message.method !== "request_states") return;
    const { data, buffers } = widgets.describe();
    comm.send(data, { buffers });
  });
}

export const comms: Comms = {
  open(target, data, options = {}) {
    const comm = new OpenComm(randomUUID().replaceAll("-", ""), target);
    open.set(comm.id, comm);
    if (target === "jupyter.widget") widgets.open(comm.id, data, options.buffers);
    sendComm("comm_open", comm, { data, ...options });
    return comm;
  },
  registerTarget(target, onOpen) {
    targets.set(target, { onOpen, cell: contextCell() });
  },
};

/** A comm message of the front end; one that opens an unknown target is answered by a close. */
export function receiveComm({ message, commId, target, data, buffers }: CommMessage): void {
  switch (message) {
    case "comm_open": {
      const found = targets.get(target ?? "");
      const comm = new OpenComm(commId, target ?? "", found?.cell);
      if (found === undefined) {
        sendComm("comm_close", comm, { data: {} });
        return;
      }
      open.set(commId, comm);
      comm.call(() => found.onOpen(comm, data));
      return;
    }
    case "comm_msg": {
      const comm = open.get(commId);
      widgets.note(commId, data, buffers);
      for (const listener of comm?.messageListeners ?? []) {
        comm?.call(() => listener(data, buffers));
      }
      return;
    }
    case "comm_close": {
      const comm = open.get(commId);
      open.delete(commId);
      widgets.close(commId);
      for (const listener of comm?.closeListeners ?? []) comm?.call(() => listener(data));
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
