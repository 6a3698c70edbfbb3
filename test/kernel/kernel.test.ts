import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { KernelClient } from "../../kernel/client/kernel-client.ts";
import type { Message } from "../../kernel/protocol/message.ts";
import { Conversation, summaryOf } from "../support/conversation.ts";
import { startKernel } from "../support/start-kernel.ts";
import { waitUntil } from "../support/wait-until.ts";

const pidOf = async (kernel: KernelClient): Promise<number> => {
  const { outputs } = await kernel.execute("process.pid");
  const [output] = outputs;
  return Number(output?.output_type === "execute_result" && output.data["text/plain"]);
};

describe("a kernel", { timeout: 120_000 }, () => {
  let kernel: KernelClient;
  let conversation: Conversation;
  before(async () => {
    kernel = await startKernel();
    conversation = new Conversation(kernel);
  });
  after(() => kernel.shutdown());

  const textOf = async (code: string): Promise<unknown> => {
    const { reply, outputs } = await kernel.execute(code);
    assert.equal(reply.status, "ok", `${code}: ${reply.ename} ${reply.evalue}`);
    const [output] = outputs;
    return output && "data" in output ? output.data["text/plain"] : output;
  };

  test("runs cells and keeps what they declare, types included", async () => {
    await kernel.execute("interface Point { x: number }\nconst point: Point = { x: 3 };");
    assert.equal(await textOf("point.x * 2"), "6");
    const { reply } = await kernel.execute("point.y");
    assert.match(String(reply.evalue), /TS2339/);
  });

  test("a cell that fails half way leaves what earlier cells declared", async () => {
    await kernel.execute("let steady = 1");
    const { reply } = await kernel.execute("steady = 2; throw new Error('half way')");
    assert.equal(reply.evalue, "half way");
    assert.equal(await textOf("steady"), "2");
  });

  test("a cell that fails half way gives what it came to, types and values alike", async () => {
    await kernel.execute("let rate = 2; const later = [1];");
    const { reply } = await kernel.execute(`
import { sep } from "node:path";
interface Point { x: number }
class Place {}
let rate = "three";
const made: Point = { x: 5 };
throw new Error("half way");
const later = "never";
const beyond = 1;`);
    assert.equal(reply.evalue, "half way");
    assert.equal(
      await textOf("[sep, rate.length, made.x, later[0], new Place()]"),
      "[ '/', 5, 5, 1, Place {} ]",
    );
    assert.match(String((await kernel.execute("beyond")).reply.evalue), /TS2304/);
    assert.match(String((await kernel.execute("rate.missing")).reply.evalue), /TS2339/);
  });

  test("an interrupted cell gives what it came to", async () => {
    const running = kernel.execute("const early = 1; console.log('early'); while (true) {}");
    await conversation.until((message) => summaryOf(message) === "stream: early\n");
    await kernel.interrupt();
    await running;
    assert.equal(await textOf("early"), "1");
  });

  test("any cell runs twice", async () => {
    const cell = `
import path, { sep } from "node:path";
const point = { x: 1 };
let count = 0;
function add(by: number) { count += by; return count; }
class Shape { side = 2; }
enum Color { Red, Green }
namespace Names { export const first = "a"; }
type Pair = [number, string];
const pair: Pair = [add(1), Color[Color.Green]];
[point.x, count, new Shape().side, pair, Names.first, path.sep === sep]`;
    const first = await textOf(cell);
    assert.equal(first, "[ 1, 1, 2, [ 1, 'Green' ], 'a', true ]");
    assert.equal(await textOf(cell), first);
    assert.equal(await textOf("add(2) + new Shape().side + Color.Green"), "6");
  });

  test("what comes after idle carries the request of its own cell", async () => {
    let id: unknown;
    const options = {
      onMessage: ({ parentHeader }: Message) => {
        id = parentHeader.msg_id;
      },
    };
    await kernel.execute(
      `let fire!: () => void;
new Promise<void>((go) => { fire = go; }).then(() => {
  console.log("late");
  display.markdown("late");
  setTimeout(() => { throw new TypeError("later"); }, 1);
  throw new RangeError("late");
});`,
      options,
    );
    const waiting = kernel.execute("fire(); 'done'");
    await conversation.until((message) => summaryOf(message) === "error: TypeError");
    assert.equal((await waiting).outputs.length, 1);
    const about = conversation.about(String(id));
    assert.deepEqual(about.slice(about.indexOf("status: idle") + 1), [
      "stream: late\n",
      'display_data: {"text/markdown":"late","text/plain":"late"}',
      "error: RangeError",
      "error: TypeError",
    ]);
  });

  test("expressions of user_expressions see what their own cell declares", async () => {
    const { reply } = await kernel.execute("const made = [1, 2, 3];", {
      userExpressions: { length: "made.length", wrong: "made.lenght" },
    });
    const { length, wrong } = reply.user_expressions as Record<string, Record<string, unknown>>;
    assert.deepEqual(length?.data, { "text/plain": "3" });
    assert.match(String(wrong?.evalue), /TS2551/);
  });

  test("says at the next cell that the runtime died while nothing ran", async () => {
    const pid = await pidOf(kernel);
    process.kill(pid, "SIGKILL");
    await waitUntil("the runtime to be replaced", () => !isAlive(pid));
    const note = await waitUntil("the note", async () => {
      const { outputs } = await kernel.execute("1;");
      const [output] = outputs;
      return output?.output_type === "stream" && output.name === "stderr" && output.text;
    });
    assert.match(note, /^The runtime died while no cell was running: /);
    assert.deepEqual((await kernel.execute("2;")).outputs, []);
  });

  test("SIGKILL of the runtime in a cell fails the cell, and declarations are forgotten", async () => {
    await kernel.execute("const gone = 1");
    const pid = await pidOf(kernel);
    const running = kernel.execute("console.log('on'); while (true) {}");
    await conversation.until((message) => summaryOf(message) === "stream: on\n");
    process.kill(pid, "SIGKILL");
    const { reply } = await running;
    assert.equal(reply.ename, "RuntimeDied");
    assert.match(String(reply.evalue), /SIGKILL/);
    assert.match(String((await kernel.execute("gone")).reply.evalue), /TS2304/);
  });

  test("completes and inspects while a cell spins", async () => {
    const running = kernel.execute("console.log('spin'); while (true) {}");
    await conversation.until((message) => summaryOf(message) === "stream: spin\n");
    const { matches } = await kernel.complete("Math.ma");
    assert.deepEqual(matches, ["max"]);
    assert.equal((await kernel.inspect("Math.max")).found, true);
    await kernel.interrupt();
    assert.equal((await running).reply.status, "error");
  });
});

describe("a kernel that is killed", { timeout: 60_000 }, () => {
  test("leaves no runtime behind", async () => {
    await using kernel = await startKernel();
    const pid = await pidOf(kernel);
    const conversation = new Conversation(kernel);
    kernel.execute("console.log('on'); while (true) {}").catch(() => {});
    await conversation.until((message) => summaryOf(message) === "stream: on\n");
    process.kill(kernel.pid, "SIGKILL");
    await waitUntil("the runtime to end", () => !isAlive(pid), 5_000);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: gone, which is what is waited for.
    return false;
  }
}
