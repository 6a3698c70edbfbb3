import assert from "node:assert/strict";
import { test } from "node:test";
import { OutputArea } from "../../../kernel/client/output-area.ts";
import type { JsonObject } from "../../../kernel/protocol/json.ts";

function message(msg_type: string, content: JsonObject) {
  return {
    identities: [],
    header: { msg_id: "1", msg_type },
    parentHeader: {},
    metadata: {},
    content,
    buffers: [],
  };
}

const stream = (name: string, text: string) => message("stream", { name, text });
const display = (type: string, text: string, id?: string) =>
  message(type, {
    data: { "text/plain": text },
    metadata: {},
    transient: id === undefined ? {} : { display_id: id },
  });

test("OutputArea joins a stream that goes on, and not across another output", () => {
  const area = new OutputArea();
  for (const next of [
    stream("stdout", "a"),
    stream("stdout", "b"),
    stream("stderr", "c"),
    stream("stdout", "d"),
  ]) {
    area.add(next);
  }
  assert.deepEqual(
    area.outputs.map((output) => output.output_type === "stream" && output.text),
    ["ab", "c", "d"],
  );
});

test("OutputArea replaces a display in place when it is updated, and no other", () => {
  const area = new OutputArea();
  area.add(display("display_data", "first", "one"));
  area.add(display("display_data", "second", "two"));
  assert.equal(area.update(display("update_display_data", "changed", "one")).length, 1);
  assert.equal(area.update(display("update_display_data", "nobody", "three")).length, 0);
  assert.deepEqual(area.outputs, [
    { output_type: "display_data", data: { "text/plain": "changed" }, metadata: {} },
    { output_type: "display_data", data: { "text/plain": "second" }, metadata: {} },
  ]);
});

test("OutputArea clears at once, or with wait at the next output", () => {
  const area = new OutputArea();
  area.add(stream("stdout", "a"));
  area.add(message("clear_output", { wait: false }));
  assert.equal(area.outputs.length, 0);
  area.add(stream("stdout", "b"));
  area.add(message("clear_output", { wait: true }));
  assert.equal(area.outputs.length, 1);
  area.add(stream("stdout", "c"));
  assert.deepEqual(area.outputs, [{ output_type: "stream", name: "stdout", text: "c" }]);
});

test("OutputArea makes nothing of messages that are no outputs", () => {
  const area = new OutputArea();
  assert.equal(area.add(message("status", { execution_state: "busy" })), undefined);
  assert.deepEqual(area.outputs, []);
});
