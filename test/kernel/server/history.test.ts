import assert from "node:assert/strict";
import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { History } from "../../../kernel/server/history.ts";

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "history-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const tail = (n: number) => ({ access: "tail", n, hasOutput: false }) as const;

test("History.find() gives the last n cells in the order they ran, with their outputs", async () => {
  await using folder = await temporaryFolder();
  const history = new History(folder.path);
  for (const [line, source] of ["a", "b", "c"].entries()) history.addInput(line + 1, source);
  history.addOutput(3, "the output");
  assert.deepEqual(await history.find(tail(2)), [
    { session: 1, line: 2, source: "b", output: undefined },
    { session: 1, line: 3, source: "c", output: "the output" },
  ]);
  assert.deepEqual(await history.find(tail(0)), []);
});

test("History outlives its kernel, and sessions have numbers in order", async () => {
  await using folder = await temporaryFolder();
  const first = new History(folder.path);
  first.addInput(1, "first");
  await first.flush();
  const second = new History(folder.path);
  second.addInput(1, "second");
  assert.deepEqual(
    (await second.find(tail(10))).map(({ session, source }) => [session, source]),
    [
      [1, "first"],
      [2, "second"],
    ],
  );
});

test("twenty histories that begin at once take different sessions and lose nothing", async () => {
  await using folder = await temporaryFolder();
  const histories = Array.from({ length: 20 }, () => new History(folder.path));
  for (const [index, history] of histories.entries()) {
    for (let line = 1; line <= 10; line++) history.addInput(line, `${index}: ${line}`);
  }
  await Promise.all(histories.map((history) => history.flush()));
  const entries = await new History(folder.path).find(tail(1_000));
  assert.equal(entries.length, 200);
  assert.equal(new Set(entries.map(({ session }) => session)).size, 20);
});

test("a session that ran nothing leaves nothing behind", async () => {
  await using folder = await temporaryFolder();
  assert.deepEqual(await new History(folder.path).find(tail(5)), []);
  assert.deepEqual(await readdir(folder.path), []);
});

test("History.find() takes a range of this session, an earlier one and a relative one", async () => {
  await using folder = await temporaryFolder();
  const first = new History(folder.path);
  for (const line of [1, 2, 3]) first.addInput(line, `first ${line}`);
  await first.flush();
  const history = new History(folder.path);
  for (const line of [1, 2, 3]) history.addInput(line, `second ${line}`);
  const range = async (session: number, start: number, stop: number | undefined) => {
    const found = await history.find({ access: "range", session, start, stop, hasOutput: false });
    return found.map(({ source }) => source);
  };
  assert.deepEqual(await range(0, 2, 3), ["second 2"]);
  assert.deepEqual(await range(1, 1, 3), ["first 1", "first 2"]);
  assert.deepEqual(await range(-1, 2, undefined), ["first 2", "first 3"]);
});

test("History.find() searches by pattern, newest n, and each text once where asked", async () => {
  await using folder = await temporaryFolder();
  const history = new History(folder.path);
  for (const [line, source] of ["x = 1", "y", "x = 2", "x = 1"].entries()) {
    history.addInput(line + 1, source);
  }
  const search = async (n: number | undefined, isUnique: boolean) => {
    const query = { access: "search", pattern: "x*", n, isUnique, hasOutput: false } as const;
    return (await history.find(query)).map(({ line }) => line);
  };
  assert.deepEqual(await search(undefined, false), [1, 3, 4]);
  assert.deepEqual(await search(2, false), [3, 4]);
  assert.deepEqual(await search(undefined, true), [3, 4]);
  assert.deepEqual(await search(1, true), [4]);
});

test("a broken line of a history file is left out", async () => {
  await using folder = await temporaryFolder();
  const history = new History(folder.path);
  history.addInput(1, "whole");
  await history.flush();
  await appendFile(join(folder.path, "session-1.jsonl"), `{"line":2,"sour`);
  assert.deepEqual(
    (await history.find(tail(5))).map(({ source }) => source),
    ["whole"],
  );
});
