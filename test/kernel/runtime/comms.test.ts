import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../support/wait-until.ts";
import { startNotebook } from "./test-notebook.ts";

const fromPage = { metadata: {}, buffers: [], target: undefined, data: {} };

test("a cell opens comms and takes those of the page, with buffers", async () => {
  await using notebook = await startNotebook();
  await notebook.run(`
    const { comms } = require("colabcode/extension");
    comms.registerTarget("mirror", (comm, data) => {
      comm.send({ opened: data });
      comm.onMessage((message, [bytes]) => comm.send({ message }, { buffers: [bytes.reverse()] }));
      comm.onClose((reason) => console.log("closed", reason));
    });
    comms.open("page", { a: 1 }, { metadata: { m: 2 } }).close({ b: 3 });`);
  const { runtime } = notebook;
  const page = { ...fromPage, commId: "p1" };
  runtime.sendComm({ ...page, message: "comm_open", target: "mirror", data: { x: 1 } });
  runtime.sendComm({ ...page, message: "comm_msg", data: "hi", buffers: [new Uint8Array([1, 2])] });
  runtime.sendComm({ ...page, message: "comm_close", data: "bye" });
  runtime.sendComm({ ...page, message: "comm_msg", data: "late" });
  await notebook.untilText("stdout", "closed bye\n");
  const said = notebook.events.flatMap((event) =>
    event.type === "comm" ? [[event.message, event.target, event.data, event.buffers]] : [],
  );
  assert.deepEqual(said, [
    ["comm_open", "page", { a: 1 }, []],
    ["comm_close", undefined, { b: 3 }, []],
    ["comm_msg", undefined, { opened: { x: 1 } }, []],
    ["comm_msg", undefined, { message: "hi" }, [new Uint8Array([2, 1])]],
  ]);
});

test("what listeners of a comm print and throw is in the cell that made them", async () => {
  await using notebook = await startNotebook();
  await notebook.run(`
    const { comms } = require("colabcode/extension");
    comms.registerTarget("loud", (comm) => {
      comm.onMessage(() => { console.log("heard"); throw new RangeError("in a listener"); });
      comm.onMessage(() => console.log("second"));
    });`);
  await notebook.run("exports.other = 1");
  const page = { ...fromPage, commId: "p1" };
  notebook.runtime.sendComm({ ...page, message: "comm_open", target: "loud" });
  notebook.runtime.sendComm({ ...page, message: "comm_msg" });
  await notebook.untilText("stdout", "second");
  assert.equal(notebook.text("stdout", 1), "heard\nsecond\n");
  const errors = notebook.events.flatMap((event) =>
    event.type === "error" ? [[event.execution, event.error.ename]] : [],
  );
  assert.deepEqual(errors, [[1, "RangeError"]]);
});

test("a widget shares its state with the page", async () => {
  await using notebook = await startNotebook();
  await notebook.run(`
    exports.widget = display.widget({ esm: "export default {}", state: { n: 1, parts: [{ b: new Uint8Array([1]) }] } });
    exports.widget.on("change:parts", (parts) => console.log("parts", [...parts[0].b]));
    exports.value = exports.widget`);
  const opened = notebook.events.find((event) => event.type === "comm");
  assert.ok(opened?.type === "comm");
  assert.deepEqual(opened.metadata, { version: "2.1.0" });
  const { state, buffer_paths } = opened.data as Record<string, Record<string, unknown>>;
  assert.deepEqual([state?.["n"], state?.["parts"]], [1, [{ b: null }]]);
  assert.deepEqual(buffer_paths, [["parts", 0, "b"]]);
  assert.deepEqual(opened.buffers, [new Uint8Array([1])]);
  const shown = notebook.events.filter(({ type }) => type === "display");
  assert.equal(shown.length, 1);
  notebook.runtime.sendComm({
    ...fromPage,
    message: "comm_msg",
    commId: opened.commId,
    data: {
      method: "update",
      state: { parts: [{ b: null }], n: 5 },
      buffer_paths: [["parts", 0, "b"]],
    },
    buffers: [new Uint8Array([9, 8])],
  });
  await notebook.untilText("stdout", "parts [ 9, 8 ]");
  assert.equal(await notebook.value("exports.value = exports.widget.get('n')"), "5");
  const again = await notebook.run("exports.value = exports.widget");
  assert.ok(again.status === "ok");
  assert.deepEqual(again.result?.data["application/vnd.jupyter.widget-view+json"], {
    version_major: 2,
    version_minor: 1,
    model_id: opened.commId,
  });
  await waitUntil("the page's change is echoed", () =>
    notebook.events.some(
      (event) =>
        event.type === "comm" && (event.data as { method?: string }).method === "echo_update",
    ),
  );
});

test("a page that is loaded anew is told of all open widgets and their bytes", async () => {
  await using notebook = await startNotebook();
  await notebook.run(`
    exports.first = display.widget({ esm: "one", state: { n: 1, b: new Uint8Array([1]), c: new Uint8Array([2]) } });
    exports.gone = display.widget({ esm: "gone" });
    exports.gone.close();
    exports.first.set("b", "none");
    exports.value = 0`);
  const [id = "", gone = ""] = notebook.events.flatMap((event) =>
    event.type === "comm" && event.message === "comm_open" ? [event.commId] : [],
  );
  assert.notEqual(gone, "");
  const send = (message: "comm_open" | "comm_msg", commId: string, data: unknown) =>
    notebook.runtime.sendComm({ ...fromPage, message, commId, data, buffers: [] });
  send("comm_msg", id, { method: "update", state: { n: 7 }, buffer_paths: [] });
  notebook.runtime.sendComm({
    ...fromPage,
    message: "comm_open",
    commId: "control",
    target: "jupyter.widget.control",
    data: {},
    buffers: [],
  });
  send("comm_msg", "control", { method: "something else" });
  send("comm_msg", "control", { method: "request_states" });
  const answers = () =>
    notebook.events.filter((event) => event.type === "comm" && event.commId === "control");
  await waitUntil("the answer", () => answers().length > 0);
  const [answer] = answers();
  assert.ok(answer?.type === "comm");
  const model = { _model_name: "AnyModel", _model_module: "anywidget", _model_module_version: "*" };
  const view = { _view_name: "AnyView", _view_module: "anywidget", _view_module_version: "*" };
  const own = { _view_count: null, _anywidget_id: "colabcode.widget", _esm: "one" };
  assert.deepEqual(answer.data, {
    method: "update_states",
    states: {
      [id]: {
        model_name: "AnyModel",
        model_module: "anywidget",
        model_module_version: "*",
        state: { ...model, ...view, ...own, n: 7, b: "none", c: null },
      },
    },
    buffer_paths: [[id, "state", "c"]],
  });
  assert.deepEqual(answer.buffers, [new Uint8Array([2])]);
});
