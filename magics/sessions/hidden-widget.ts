import type { Comm, Comms } from "../../kernel/extension.ts";

type Fields = Record<string, string>;

/** A widget of anywidget that runs a script in the front end's page and shows nothing itself. */
export class HiddenWidget implements Disposable {
  readonly comm: Comm;
  readonly state: Fields & { readonly _esm: string };

  constructor(comms: Comms, script: string, fields: Fields) {
    this.state = { ...model, _anywidget_id: "colabcode.card", _esm: script, ...fields };
    const data = { state: this.state, buffer_paths: [] };
    this.comm = comms.open("jupyter.widget", data, { metadata: { version: "2.1.0" } });
    open.set(this.comm.id, this);
  }

  /** Changes fields that the script can read; it hears of it. */
  set(fields: Fields): void {
    Object.assign(this.state, fields);
    this.comm.send({ method: "update", state: fields, buffer_paths: [] });
  }

  [Symbol.dispose](): void {
    open.delete(this.comm.id);
    this.comm.close();
  }
}

/** The widgets that are there, by the ids of their comms. */
const open = new Map<string, HiddenWidget>();

/** Tells a page that was loaded anew, while the kernel lived, of the widgets that are there. */
export function answerForWidgets(comms: Comms): void {
  comms.registerTarget("jupyter.widget.control", (comm) => {
    comm.onMessage(() => {
      const states = Object.fromEntries(
        [...open].map(([id, { state }]) => [
          id,
          {
            model_module: model._model_module,
            model_name: model._model_name,
            model_module_version: model._model_module_version,
            state,
          },
        ]),
      );
      comm.send({ method: "update_states", states, buffer_paths: [] });
    });
  });
}

const model = {
  _model_module: "anywidget",
  _model_name: "AnyModel",
  _model_module_version: "*",
  _view_module: "anywidget",
  _view_name: "AnyView",
  _view_module_version: "*",
} as const;
