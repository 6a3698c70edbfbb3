import type { Comm, MimeBundle } from "../extension.ts";
import { displaySymbol } from "./bundle.ts";
import { comms } from "./comms.ts";
import { joinBuffers, splitBuffers } from "./widget-buffers.ts";

/** A widget as anywidget knows it: a module for the page, its style, and the state both sides share. */
export interface WidgetDefinition {
  /** JavaScript module, or the URL of one, whose default export has `render({ model, el })`. */
  readonly esm: string;
  readonly css?: string;
  readonly state?: Readonly<Record<string, unknown>>;
}

type Listener = (value: never, buffers: readonly Uint8Array[]) => void;

/**
 * The kernel's half of a widget. What `set` is given reaches every view of it in the page, what the
 * page saves is told to listeners; both ends hold the same state.
 */
export class Widget {
  readonly id: string;
  /** The execution that showed it; as the value of the same cell it is not shown again. */
  shownIn: number | undefined;
  readonly #comm: Comm;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #state: Record<string, unknown>;

  constructor({ esm, css, state = {} }: WidgetDefinition) {
    this.#state = {
      ...modelState,
      _esm: esm,
      ...(css === undefined ? {} : { _css: css }),
      ...state,
    };
    const { data, buffers } = splitBuffers(this.#state);
    this.#comm = comms.open("jupyter.widget", data, { metadata: { version: "2.1.0" }, buffers });
    this.id = this.#comm.id;
    this.#comm.onMessage((message, given) => this.#receive(message, given));
  }

  get(name: string): unknown {
    return this.#state[name];
  }

  set(name: string, value: unknown): void {
    this.#state[name] = value;
    this.#sendState({ [name]: value });
    this.#tell(`change:${name}`, value);
  }

  /** `change:NAME` when a value changed, on either side; `msg:custom` for what the page's `model.send` gives. */
  on(event: string, listener: Listener): void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
  }

  off(event: string, listener?: Listener): void {
    if (listener === undefined) this.#listeners.delete(event);
    else this.#listeners.get(event)?.delete(listener);
  }

  /** Sends a message to the page's `model.on("msg:custom", …)`. */
  send(content: unknown, buffers: readonly Uint8Array[] = []): void {
    this.#comm.send({ method: "custom", content }, { buffers });
  }

  /** Takes it off every page. */
  close(): void {
    this.#comm.close();
  }

  [displaySymbol](): MimeBundle {
    return {
      "application/vnd.jupyter.widget-view+json": {
        version_major: 2,
        version_minor: 1,
        model_id: this.id,
      },
      "text/plain": "[widget: open this notebook where there is anywidget]",
    };
  }

  #receive(message: unknown, buffers: readonly Uint8Array[]): void {
    const { method, content, state, buffer_paths } = message as WidgetMessage;
    switch (method) {
      case "update": {
        const changed = joinBuffers(state ?? {}, buffer_paths ?? [], buffers);
        Object.assign(this.#state, changed);
        // Other pages with this notebook show it as well.
        this.#sendState(changed, "echo_update");
        for (const [name, value] of Object.entries(changed)) this.#tell(`change:${name}`, value);
        return;
      }
      case "request_state":
        this.#sendState(this.#state);
        return;
      case "custom":
        this.#tell("msg:custom", content, buffers);
    }
  }

  #sendState(state: Record<string, unknown>, method = "update"): void {
    const { data, buffers } = splitBuffers(state);
    this.#comm.send({ method, ...data }, { buffers });
  }

  #tell(event: string, value: unknown, buffers: readonly Uint8Array[] = []): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(value as never, buffers);
  }
}

/** What a front end says on the comm of a widget; other methods are not answered. */
interface WidgetMessage {
  readonly method?: unknown;
  readonly content?: unknown;
  readonly state?: Record<string, unknown>;
  readonly buffer_paths?: readonly (readonly (string | number)[])[];
}

const modelState = {
  _model_module: "anywidget",
  _model_name: "AnyModel",
  _model_module_version: "*",
  _view_module: "anywidget",
  _view_name: "AnyView",
  _view_module_version: "*",
  _view_count: null,
  _anywidget_id: "colabcode.widget",
};
