import { randomUUID } from "node:crypto";
import type { Display, DisplayHandle, MimeBundle } from "../extension.ts";
import { outputExecution } from "./cell-context.ts";
import { send, sendText } from "./event-writer.ts";
import { jsonValue } from "./json-value.ts";

interface Shown {
  readonly isUpdate: boolean;
  readonly data: MimeBundle;
  readonly metadata: MimeBundle | undefined;
  readonly displayId: string | undefined;
}

/** Shows bundles in the output of the cell whose code calls. */
export const display: Display = {
  show(data, options = {}) {
    const displayId = options.displayId ?? randomUUID();
    sendDisplay({ isUpdate: false, data, metadata: options.metadata, displayId });
    return displayHandle(displayId);
  },
  update(displayId, data, metadata) {
    sendDisplay({ isUpdate: true, data, metadata, displayId });
  },
  lastWill(displayId, data) {
    const execution = outputExecution();
    const event = {
      type: "last-will",
      execution,
      displayId,
      data: data === undefined ? undefined : jsonValue(data),
    } as const;
    send({ type: "event", event });
  },
  clear(options = {}) {
    const event = {
      type: "clear",
      execution: outputExecution(),
      wait: options.wait ?? false,
    } as const;
    send({ type: "event", event });
  },
  write(stream, text) {
    sendText(stream, outputExecution(), text);
  },
};

export function displayHandle(id: string): DisplayHandle {
  return { id, update: (data, metadata) => display.update(id, data, metadata) };
}

/** Sends a display as it is, also without an id. */
export function sendDisplay({ isUpdate, data, metadata, displayId }: Shown): void {
  send({
    type: "event",
    event: {
      type: "display",
      execution: outputExecution(),
      isUpdate,
      data: jsonValue(data),
      metadata: jsonValue(metadata ?? {}),
      displayId,
    },
  });
}
