import assert from "node:assert/strict";
import { test } from "node:test";
import { StreamMerger, type StreamText } from "../../../kernel/server/stream-merger.ts";

function collect(): { merger: StreamMerger; sent: StreamText[] } {
  const sent: StreamText[] = [];
  return { merger: new StreamMerger((text) => sent.push(text)), sent };
}

test("StreamMerger joins consecutive writes of one stream", () => {
  const { merger, sent } = collect();
  for (const text of ["a\n", "b\n", "c\n"]) merger.write({ execution: 1, name: "stdout", text });
  assert.deepEqual(sent, []);
  merger.flush();
  assert.deepEqual(sent, [{ execution: 1, name: "stdout", text: "a\nb\nc\n" }]);
});

test("StreamMerger keeps the order of streams and cells", () => {
  const { merger, sent } = collect();
  merger.write({ execution: 1, name: "stdout", text: "a" });
  merger.write({ execution: 1, name: "stderr", text: "b" });
  merger.write({ execution: 1, name: "stdout", text: "c" });
  merger.write({ execution: 2, name: "stdout", text: "d" });
  merger.flush();
  assert.deepEqual(
    sent.map(({ execution, name, text }) => `${execution} ${name} ${text}`),
    ["1 stdout a", "1 stderr b", "1 stdout c", "2 stdout d"],
  );
});

test("StreamMerger sends by itself after a short time", async () => {
  const text = await new Promise<StreamText>((resolve) => {
    new StreamMerger(resolve).write({ execution: 1, name: "stdout", text: "live" });
  });
  assert.equal(text.text, "live");
});

test("StreamMerger does not let text grow past a quarter of a million characters", () => {
  const { merger, sent } = collect();
  for (let i = 0; i < 1_000; i++) {
    merger.write({ execution: 1, name: "stdout", text: "x".repeat(1_000) });
  }
  merger.flush();
  assert.equal(sent.length, 4);
  assert.equal(sent.map(({ text }) => text).join("").length, 1_000_000);
});
