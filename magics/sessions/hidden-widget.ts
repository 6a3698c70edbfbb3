import type { Comm, Comms } from "../../kernel/extension.ts";

type Fields = Record<string, string>;

/** A widget of anywidget that runs a script in the front end's page and shows nothing itself. */
export class HiddenWidget implements Disposable {
  readonly comm: Comm;

  constructor(comms: Comms, script: string, fields: Fields) {
    const state = { ...model, _anywidget_id: "colabcode.card", _esm: script, ...fields };
    const data = { state, buffer_paths: [] };
    this.comm = comms.open("jupyter.widget", data, { metadata: { version: "2.1.0" } });
  }

  /** Changes fields that the script can read; it hears of it. */
  set(fields: Fields): void {
    this.comm.send({ method: "update", state: fields, buffer_paths: [] });
  }

  [Symbol.dispose](): void {
    this.comm.close();
  }
}

const model = {
  _model_module: "anywidget",
  _model_name: "AnyModel",
  _model_module_version: "*",
  _view_module: "anywidget",
  _view_name: "AnyView",
  _view_module_version: "*",
} as const;
