import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startProgram } from "../../../magics/services/program.ts";
import { fixture } from "../../support/fixture.ts";
import { isListening, isRunning, parentOf, readProcess } from "../../support/process-facts.ts";
import { waitUntil } from "../../support/wait-until.ts";

const node = process.execPath;
const stubborn = fixture("programs/stubborn.mjs");
const forker = fixture("programs/forker.mjs");

/** The numbers after `word` in the lines of a log. */
function numbersAfter(word: string, lines: readonly string[]): number[] {
  return lines.flatMap((line) => {
    const [first, number] = line.split(" ");
    return first === word ? [Number(number)] : [];
  });
}

test("startProgram() gives the environment to the program and shows none of it in a command line", async () => {
  await using program = await startProgram({
    command: node,
    args: ["-e", "console.log(process.env.SECRET === 's3cret-value'); setInterval(() => {}, 1e6)"],
    environment: { PATH: process.env["PATH"], SECRET: "s3cret-value", LEFT_OUT: undefined },
  });
  await waitUntil("it has looked", () => program.log().length > 0);
  assert.deepEqual(program.log(), ["true"]);
  const guard = readProcess(parentOf(program.pid));
  assert.ok(!guard.commandLine.includes("s3cret-value"));
  assert.ok(!guard.environment.includes("s3cret-value"));
  assert.ok(!readProcess(program.pid).environment.includes("LEFT_OUT"));
});

test("a program's log keeps its last 200 lines, without colours and secrets", async () => {
  const script = `
    for (let i = 1; i <= 300; i++) console.log("line " + i);
    console.error("\\u001b[31mtoken s3cret-value\\u001b[0m");`;
  await using program = await startProgram({
    command: node,
    args: ["-e", script],
    secrets: ["s3cret-value"],
  });
  await program.ended;
  assert.equal(program.log().length, 200);
  assert.ok(program.log().includes("token •••"));
  assert.ok(program.log().includes("line 300"));
  assert.ok(!program.log().includes("line 100"));
  assert.equal(program.log(3).length, 3);
});

test("startProgram() rejects with the name of a program that is not there", async () => {
  await assert.rejects(startProgram({ command: "no-such-program-here" }), {
    code: "NOT_INSTALLED",
    message: 'There is no program "no-such-program-here".',
  });
});

test("startProgram() rejects where the folder is not there, and removes its temporary folders", async () => {
  const temporary = mkdtempSync(join(tmpdir(), "colabcode-test-"));
  await assert.rejects(
    startProgram({
      command: node,
      folder: join(temporary, "no-such-folder"),
      temporaryFolders: [temporary],
    }),
    { code: "SERVICE_FAILED" },
  );
  assert.equal(existsSync(temporary), false);
});

test("a program that ends by itself says how", async () => {
  await using failing = await startProgram({ command: node, args: ["-e", "process.exit(3)"] });
  assert.deepEqual(await failing.ended, {
    asked: false,
    exitCode: 3,
    signal: undefined,
    reason: "exited with code 3",
  });
  const script = "process.kill(process.pid, 'SIGKILL')";
  await using killed = await startProgram({ command: node, args: ["-e", script] });
  assert.deepEqual(await killed.ended, {
    asked: false,
    exitCode: undefined,
    signal: "SIGKILL",
    reason: "ended by SIGKILL",
  });
});

test("ending a program that ignores SIGTERM waits until it is gone and its port is free", async () => {
  const program = await startProgram({ command: node, args: [stubborn], graceMs: 200 });
  const [port = 0] = await waitUntil("it listens", () => {
    const ports = numbersAfter("port", program.log());
    return ports.length > 0 && ports;
  });
  assert.equal(await isListening(port), true);
  await program[Symbol.asyncDispose]();
  assert.equal(isRunning(program.pid), false);
  assert.equal(await isListening(port), false);
  assert.ok(program.log().includes("SIGTERM ignored"));
  assert.equal((await program.ended).asked, true);
  await program[Symbol.asyncDispose](); // Twice is safe.
});

test("ending a program ends its grandchildren, one in a process group of its own included", async () => {
  const program = await startProgram({ command: node, args: [forker], graceMs: 200 });
  const grandchildren = await waitUntil("both run", () => {
    const pids = numbersAfter("grandchild", program.log());
    return pids.length === 2 && pids;
  });
  assert.deepEqual(grandchildren.map(isRunning), [true, true]);
  await program[Symbol.asyncDispose]();
  assert.deepEqual(grandchildren.map(isRunning), [false, false]);
});

test("a program that ends by itself takes along what it left behind", async () => {
  await using program = await startProgram({
    command: node,
    args: [forker, "leave"],
    graceMs: 200,
  });
  assert.equal((await program.ended).reason, "exited with code 3");
  const grandchildren = numbersAfter("grandchild", program.log());
  assert.deepEqual(grandchildren.map(isRunning), [false, false]);
});

test("the signal ends a program", async () => {
  const controller = new AbortController();
  const program = await startProgram({
    command: node,
    args: [stubborn],
    graceMs: 100,
    signal: controller.signal,
  });
  controller.abort();
  assert.equal((await program.ended).asked, true);
  assert.equal(isRunning(program.pid), false);
});

test("SIGKILL of the guard ends the program and all it has started", async () => {
  await using program = await startProgram({ command: node, args: [forker] });
  const grandchildren = await waitUntil("both run", () => {
    const pids = numbersAfter("grandchild", program.log());
    return pids.length === 2 && pids;
  });
  process.kill(parentOf(program.pid), "SIGKILL");
  assert.deepEqual(await program.ended, {
    asked: false,
    exitCode: undefined,
    signal: "SIGKILL",
    reason: "its guard was killed",
  });
  assert.deepEqual([program.pid, ...grandchildren].map(isRunning), [false, false, false]);
});

test("SIGKILL of the parent leaves no process and no temporary folder within 3 s", async () => {
  const temporary = mkdtempSync(join(tmpdir(), "colabcode-test-"));
  const holder = fileURLToPath(new URL("../../support/program-holder.js", import.meta.url));
  const parent = spawn(node, [holder, temporary], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  createInterface(parent.stdout).on("line", (line) => lines.push(line));
  const pids = await waitUntil("all run", () => {
    const found = [...numbersAfter("program", lines), ...numbersAfter("grandchild", lines)];
    return found.length === 3 && found;
  });
  const guard = parentOf(pids[0] ?? 0);
  parent.kill("SIGKILL");
  await waitUntil("all are gone", () => ![...pids, guard].some(isRunning), 3000);
  assert.equal(existsSync(temporary), false);
});
