import type { MimeBundle } from "../extension.ts";
import type { Broadcast } from "../protocol/broadcast.ts";
import type { Message } from "../protocol/message.ts";
import type { ErrorContent, RuntimeEvent } from "../runtime/runtime.ts";
import type { Outbox } from "./outbox.ts";
import { StreamMerger } from "./stream-merger.ts";

/** The request a cell came with; silent ones show nothing. */
interface Origin {
  readonly parent: Message;
  readonly isSilent: boolean;
}

type OutputEvent = Extract<RuntimeEvent, { type: "stream" | "display" | "clear" | "error" }>;

/** Cells whose late output still finds its place. */
const rememberedCells = 1_000;

/**
 * Publishes the outputs of cells, each with the request of its own cell as parent, also when they
 * come after the cell is done.
 */
export class CellOutputs {
  readonly #outbox: Outbox;
  readonly #origins = new Map<number, Origin>();
  readonly #streams = new StreamMerger(({ execution, name, text }) => {
    this.#publish(execution, { type: "stream", content: { name, text } });
  });

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** From now on outputs of `execution` belong to `origin`. */
  begin(execution: number, origin: Origin): void {
    this.#origins.set(execution, origin);
    for (const oldest of this.#origins.keys()) {
      if (this.#origins.size <= rememberedCells) break;
      this.#origins.delete(oldest);
    }
  }

  /** The request that started `execution`, as long as it is remembered. */
  parentOf(execution: number): Message | undefined {
    return this.#origins.get(execution)?.parent;
  }

  show(event: OutputEvent): void {
    if (event.type === "stream") {
      if (event.text !== "") this.#streams.write(event);
      return;
    }
    this.flush();
    this.#publish(event.execution, broadcastOf(event));
  }

  result(
    execution: number,
    executionCount: number,
    shown: { readonly data: MimeBundle; readonly metadata: MimeBundle },
  ): void {
    this.flush();
    const content = { execution_count: executionCount, ...shown, transient: {} };
    this.#publish(execution, { type: "execute_result", content });
  }

  error(execution: number, error: ErrorContent): void {
    this.show({ type: "error", execution, error });
  }

  /** Sends text that waits for more. To be called before a reply and before idle. */
  flush(): void {
    this.#streams.flush();
  }

  #publish(execution: number, broadcast: Broadcast): void {
    const origin = this.#origins.get(execution);
    // What a silent cell changes in earlier outputs is shown; it has no outputs of its own.
    if (origin?.isSilent && broadcast.type !== "update_display_data") return;
    this.#outbox.publish(origin?.parent, broadcast);
  }
}

function broadcastOf(event: Exclude<OutputEvent, { type: "stream" }>): Broadcast {
  switch (event.type) {
    case "display": {
      const { data, metadata, displayId } = event;
      const transient = displayId === undefined ? {} : { display_id: displayId };
      const type = event.isUpdate ? "update_display_data" : "display_data";
      return { type, content: { data, metadata, transient } };
    }
    case "clear":
      return { type: "clear_output", content: { wait: event.wait } };
    case "error":
      return { type: "error", content: event.error };
  }
}
