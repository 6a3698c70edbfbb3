type Path = readonly (string | number)[];

interface Model {
  readonly state: Record<string, unknown>;
  /** Bytes of the state, by the places they belong to. */
  binaries: readonly { readonly path: Path; readonly bytes: Uint8Array }[];
}

/** What a comm of a widget carries, as far as it tells of the state. */
interface StateMessage {
  readonly method?: unknown;
  readonly state?: Record<string, unknown>;
  readonly buffer_paths?: readonly Path[];
}

/** The states of the widgets that are open, as their comms told them. */
export class WidgetModels {
  readonly #models = new Map<string, Model>();

  open(id: string, data: unknown, buffers: readonly Uint8Array[] = []): void {
    this.#models.set(id, { state: {}, binaries: [] });
    this.#change(id, data, buffers);
  }

  /** Follows a message of either side. */
  note(id: string, data: unknown, buffers: readonly Uint8Array[] = []): void {
    if (!this.#models.has(id)) return;
    const isUpdate = ["update", "echo_update"].includes(String(asMessage(data).method));
    if (isUpdate) this.#change(id, data, buffers);
  }

  close(id: string): void {
    this.#models.delete(id);
  }

  /** All of them in one message, for a page that was loaded anew. */
  describe(): { readonly data: unknown; readonly buffers: readonly Uint8Array[] } {
    const all = [...this.#models];
    const states = Object.fromEntries(all.map(([id, { state }]) => [id, described(state)]));
    const binaries = all.flatMap(([id, model]) =>
      model.binaries.map(({ path, bytes }) => ({ path: [id, "state", ...path], bytes })),
    );
    return {
      data: {
        method: "update_states",
        states,
        buffer_paths: binaries.map(({ path }) => path),
      },
      buffers: binaries.map(({ bytes }) => bytes),
    };
  }

  #change(id: string, data: unknown, buffers: readonly Uint8Array[]): void {
    const model = this.#models.get(id);
    const { state, buffer_paths: paths = [] } = asMessage(data);
    if (model === undefined || state === undefined) return;
    Object.assign(model.state, state);
    const kept = model.binaries.filter(({ path }) => !Object.hasOwn(state, path[0] ?? ""));
    const added = paths.map((path, index) => ({ path, bytes: buffers[index] ?? new Uint8Array() }));
    model.binaries = [...kept, ...added];
  }
}

function described(state: Record<string, unknown>) {
  return {
    model_name: state["_model_name"],
    model_module: state["_model_module"],
    model_module_version: state["_model_module_version"],
    state,
  };
}

function asMessage(data: unknown): StateMessage {
  // Of the shape that the protocol of widgets has, or of none of it.
  return typeof data === "object" && data !== null ? (data as StateMessage) : {};
}
