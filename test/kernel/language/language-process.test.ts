import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { buildSnapshot } from "../../../kernel/language/build-snapshot.ts";
import type { LanguageService } from "../../../kernel/language/language.ts";
import { startLanguageProcess } from "../../../kernel/language/language-process.ts";
import { findSnapshot } from "../../../kernel/language/snapshot.ts";
import { commandOf, descendants, isRunning } from "../../support/process-facts.ts";
import { waitUntil } from "../../support/wait-until.ts";

const folder = await mkdtemp(join(tmpdir(), "colabcode-"));
process.env.COLABCODE_CACHE = folder;
after(() => rm(folder, { recursive: true, force: true }));

async function declare(language: LanguageService, code: string): Promise<void> {
  const conversion = await language.convert(code);
  assert.equal(conversion.kind, "compiled");
  if (conversion.kind === "compiled") await language.commit(conversion.declarations);
}

async function codesOf(language: LanguageService, code: string): Promise<readonly number[]> {
  const conversion = await language.convert(code);
  return conversion.kind === "failed" ? conversion.diagnostics.map((each) => each.code) : [];
}

function processOf(word: string): number {
  const pid = descendants(process.pid).find((each) => commandOf(each).includes(word));
  assert.ok(pid !== undefined);
  return pid;
}

test("a language process keeps declarations, completes and checks types", async () => {
  const language = startLanguageProcess(folder);
  try {
    await declare(language, "const text = 'abc'; import { join } from 'node:path'");
    assert.deepEqual(await codesOf(language, "join(text).toFixed()"), [2551]);
    const { candidates } = await language.complete("text.char", 9);
    assert.deepEqual(
      candidates.map(({ text }) => text),
      ["charAt", "charCodeAt"],
    );
  } finally {
    language.close();
  }
});

test("a language process that is killed is started anew, with all that was declared", async () => {
  const language = startLanguageProcess(folder);
  try {
    await declare(language, "const text = 'abc'");
    await declare(language, "/** @module helper */ export const half = (x: number) => x / 2;");
    await language.define([{ name: "model", type: "{ depth: number }" }]);
    const pid = processOf("language-main");
    process.kill(pid, "SIGKILL");
    await waitUntil("the process is gone", () => !isRunning(pid));
    assert.deepEqual(await codesOf(language, "text.toFixed()"), [2551]);
    assert.deepEqual(await codesOf(language, "model.depth.trim()"), [2339]);
    assert.deepEqual(
      await codesOf(language, "import { half } from './helper'; half(model.depth)"),
      [],
    );
  } finally {
    language.close();
  }
});

test("a language process reads ahead while nobody asks for anything", async () => {
  const language = startLanguageProcess(folder);
  try {
    await language.convert("1");
    assert.equal(await language.readAhead(), true);
    // Too few steps are asked for here to come to the end.
    let isDone = false;
    for (let asked = 0; asked < 4 && !isDone; asked++) {
      await delay(2_500);
      isDone = !(await language.readAhead());
    }
    assert.ok(isDone);
  } finally {
    language.close();
  }
});

test("a reset that follows a commit at once is what a language process starts anew with", async () => {
  const language = startLanguageProcess(folder);
  try {
    const conversion = await language.convert("const gone = 1");
    assert.equal(conversion.kind, "compiled");
    const declarations = conversion.kind === "compiled" ? conversion.declarations : "";
    await Promise.all([language.commit(declarations), language.reset()]);
    const pid = processOf("language-main");
    process.kill(pid, "SIGKILL");
    await waitUntil("the process is gone", () => !isRunning(pid));
    assert.deepEqual(await codesOf(language, "gone"), [2304]);
  } finally {
    language.close();
  }
});

test("a snapshot is found when it was built, and given up when it does not start", async () => {
  assert.equal(findSnapshot(), undefined);
  assert.equal(await buildSnapshot(new AbortController().signal), true);
  const blob = findSnapshot();
  assert.ok(blob !== undefined);
  const language = startLanguageProcess(folder);
  try {
    await declare(language, "const text = 'abc'");
    assert.ok(isRunning(processOf("--snapshot-blob")));
    assert.deepEqual(await codesOf(language, "import('node:fs'); text.toFixed()"), [2551]);
  } finally {
    language.close();
  }
  writeFileSync(blob, "broken");
  const other = startLanguageProcess(folder);
  try {
    assert.deepEqual(await codesOf(other, "1 + 1"), []);
    assert.equal(findSnapshot(), undefined);
  } finally {
    other.close();
  }
});
