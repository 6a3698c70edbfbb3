import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { KernelClient } from "../../../kernel/client/kernel-client.ts";
import type { Message } from "../../../kernel/protocol/message.ts";
import { Conversation, summaryOf } from "../../support/conversation.ts";
import { startFakeKernel } from "../../support/start-kernel.ts";

describe("KernelServer", { timeout: 60_000 }, () => {
  let kernel: KernelClient;
  let conversation: Conversation;

  before(async () => {
    kernel = await startFakeKernel();
    conversation = new Conversation(kernel);
  });
  after(() => kernel.shutdown());

  const saidAbout = async (type: string, content: object, channel?: "shell" | "control") => {
    const reply = await kernel.request(type, { ...content }, channel ? { channel } : {});
    return { reply, said: conversation.about(String(reply.parentHeader.msg_id)) };
  };

  test("says busy, input, outputs and idle around a cell, all with its request as parent", async () => {
    const { reply, said } = await saidAbout("execute_request", {
      code: "print a\nprint b\nwarn c\nshow d\nvalue e",
    });
    assert.deepEqual(said, [
      "status: busy",
      "execute_input: print a\nprint b\nwarn c\nshow d\nvalue e",
      "stream: a\nb\n",
      "stream: c\n",
      'display_data: {"text/plain":"d"}',
      'execute_result: {"text/plain":"e"}',
      "status: idle",
    ]);
    assert.equal(reply.content.status, "ok");
    assert.deepEqual(reply.content.payload, []);
    assert.equal(reply.metadata.status, "ok");
    assert.ok(Date.parse(String(reply.metadata.started)) > Date.now() - 60_000);
  });

  for (const [type, content, channel] of [
    ["kernel_info_request", {}, "shell"],
    ["kernel_info_request", {}, "control"],
    ["connect_request", {}, "shell"],
    ["complete_request", { code: "ab", cursor_pos: 2 }, "shell"],
    ["inspect_request", { code: "known", cursor_pos: 1, detail_level: 0 }, "shell"],
    ["is_complete_request", { code: "{" }, "shell"],
    ["history_request", { hist_access_type: "tail", n: 1 }, "shell"],
    ["comm_info_request", {}, "shell"],
    ["interrupt_request", {}, "control"],
    ["debug_request", { command: "initialize", seq: 1 }, "control"],
  ] as const) {
    test(`answers ${type} on ${channel} between busy and idle, with a status`, async () => {
      const { reply, said } = await saidAbout(type, content, channel);
      assert.equal(reply.header.msg_type, type.replace("_request", "_reply"));
      assert.equal(typeof reply.content.status, "string");
      assert.notEqual(reply.content.status, "error");
      assert.deepEqual(said, ["status: busy", "status: idle"]);
    });
  }

  test("answers a request with a missing field by an error that names it", async () => {
    const { reply, said } = await saidAbout("complete_request", {});
    assert.equal(reply.content.status, "error");
    assert.equal(reply.content.evalue, "complete_request: code is missing, not text.");
    assert.deepEqual(said, ["status: busy", "status: idle"]);
  });

  test("counts cells, but neither silent ones nor those that are not stored", async () => {
    const count = async (options: object) =>
      (await kernel.execute("value x", options)).reply.execution_count;
    const first = await count({});
    assert.equal(await count({ isSilent: true }), first);
    assert.equal(await count({ isStored: false }), first);
    assert.equal(await count({}), first + 1);
  });

  test("says nothing of a silent cell but busy and idle", async () => {
    const { said } = await saidAbout("execute_request", {
      code: "print a\nshow b\nvalue c\nfail d",
      silent: true,
    });
    assert.deepEqual(said, ["status: busy", "status: idle"]);
  });

  test("shows the compiler's errors of a cell and runs nothing of it", async () => {
    const { reply, said } = await saidAbout("execute_request", { code: "print a\ntypo" });
    assert.equal(reply.content.status, "error");
    assert.equal(reply.content.ename, "TypeScriptError");
    assert.deepEqual(said, [
      "status: busy",
      "execute_input: print a\ntypo",
      "error: TypeScriptError",
      "status: idle",
    ]);
  });

  test("aborts the cells that wait when one fails, and only those", async () => {
    const cells = ["fail first", "print second", "print third"].map((code) => kernel.execute(code));
    const replies = await Promise.all(cells);
    assert.deepEqual(
      replies.map(({ reply }) => reply.status),
      ["error", "aborted", "aborted"],
    );
    assert.equal((await kernel.execute("value after")).reply.status, "ok");
  });

  test("an aborted cell has its own busy and idle and shows nothing", async () => {
    const failing = kernel.execute("fail");
    const id = kernel.send("execute_request", { code: "print never" });
    await failing;
    await conversation.until(
      (message) => message.parentHeader.msg_id === id && message.content.execution_state === "idle",
    );
    assert.deepEqual(conversation.about(id), ["status: busy", "status: idle"]);
  });

  test("goes on after a failing cell with stop_on_error false", async () => {
    const cells = [
      kernel.execute("fail first", { isStoppedByErrors: false }),
      kernel.execute("value second"),
    ];
    const replies = await Promise.all(cells);
    assert.deepEqual(
      replies.map(({ reply }) => reply.status),
      ["error", "ok"],
    );
  });

  test("answers 1,000 cells in the order they came", async () => {
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        const { outputs } = await kernel.execute(`print ${index}`);
        assert.deepEqual(outputs, [{ output_type: "stream", name: "stdout", text: `${index}\n` }]);
        order.push(index);
      }),
    );
    assert.deepEqual(
      order,
      Array.from({ length: 1_000 }, (_, index) => index),
    );
  });

  test("loses none of 100,000 printed lines and sends far fewer messages", async () => {
    let messages = 0;
    const { outputs } = await kernel.execute("flood 100000", { onMessage: () => messages++ });
    const [output] = outputs;
    const lines = output?.output_type === "stream" ? output.text.trimEnd().split("\n") : [];
    assert.equal(lines.length, 100_000);
    assert.equal(lines[99_999], "99999");
    assert.ok(messages < 500, `${messages} messages`);
  });

  test("answers other requests while a cell runs, and its heartbeat comes back", async () => {
    const running = kernel.execute("wait");
    assert.equal((await kernel.isComplete("x")).status, "complete");
    assert.equal(await kernel.beat(5_000), true);
    await kernel.interrupt();
    assert.equal((await running).reply.ename, "Interrupted");
  });

  test("replies on shell come in the order of their requests, whichever is quicker", async () => {
    const order: string[] = [];
    const tail = { hist_access_type: "tail", n: 5, output: false, raw: true };
    await Promise.all([
      kernel.request("history_request", tail).then(() => order.push("history")),
      kernel.isComplete("x").then(() => order.push("is_complete")),
    ]);
    assert.deepEqual(order, ["history", "is_complete"]);
  });

  test("an interrupt while nothing runs, three times, does nothing", async () => {
    await Promise.all([kernel.interrupt(), kernel.interrupt(), kernel.interrupt()]);
    assert.equal((await kernel.execute("value x")).reply.status, "ok");
  });

  test("SIGINT interrupts the running cell and the kernel lives", async () => {
    const running = kernel.execute("print started\nwait");
    await conversation.until((message) => summaryOf(message) === "stream: started\n");
    process.kill(kernel.pid, "SIGINT");
    assert.equal((await running).reply.ename, "Interrupted");
    assert.equal((await kernel.execute("value x")).reply.status, "ok");
  });

  test("output after idle has its own cell as parent", async () => {
    const late = kernel.send("execute_request", { code: "late from the first" });
    await kernel.execute("print second");
    const message = await conversation.until(
      (found) => summaryOf(found) === "stream: from the first\n",
    );
    assert.equal(message.parentHeader.msg_id, late);
  });

  test("a runtime that dies fails its cell, and the next one runs in a fresh runtime", async () => {
    const { reply } = await kernel.execute("die", { isStoppedByErrors: false });
    assert.equal(reply.ename, "RuntimeDied");
    assert.equal(reply.evalue, "it was told to die");
    const next = await kernel.execute("value alive");
    assert.equal(next.reply.status, "ok");
    assert.equal(next.reply.execution_count, reply.execution_count + 1);
  });

  test("asks the front end for input and takes only text for an answer", async () => {
    const asked: string[] = [];
    const { outputs } = await kernel.execute("ask name?\nprint done", {
      onInput: (prompt) => {
        asked.push(prompt);
        const value = { type: "colab_reply" };
        const stray = kernel.send("input_reply", { value }, { channel: "stdin" });
        assert.notEqual(stray, "");
        return "Ada";
      },
    });
    assert.deepEqual(asked, ["name?"]);
    assert.deepEqual(outputs, [{ output_type: "stream", name: "stdout", text: "Ada\ndone\n" }]);
  });

  test("an interrupt ends a cell that waits for input", async () => {
    let interrupting = Promise.resolve();
    const { outputs } = await kernel.execute("ask name", {
      onInput: async () => {
        interrupting = kernel.interrupt();
        await interrupting;
        return "too late";
      },
    });
    await interrupting;
    assert.deepEqual(outputs, [{ output_type: "stream", name: "stdout", text: "interrupted\n" }]);
  });

  test("carries comm messages both ways and lists what is open", async () => {
    await kernel.execute("open from-cell");
    const opened = await conversation.until((message) => message.header.msg_type === "comm_open");
    assert.deepEqual(opened.content, {
      comm_id: "from-cell",
      data: { opened: true },
      target_name: "fake",
    });
    assert.equal(String(opened.buffers[0]), "bytes");
    kernel.send("comm_open", { comm_id: "c2", target_name: "other", data: {} });
    kernel.send("comm_msg", { comm_id: "c2", data: { n: 5 } }, { buffers: [Buffer.from("b")] });
    const echoed = await conversation.until(
      (message) =>
        message.header.msg_type === "comm_msg" &&
        JSON.stringify(message.content.data) === '{"n":5}',
    );
    assert.equal(String(echoed.buffers[0]), "b");
    const list = async (content: object) =>
      (await kernel.request("comm_info_request", { ...content })).content.comms;
    assert.deepEqual(await list({ target_name: "other" }), { c2: { target_name: "other" } });
    kernel.send("comm_close", { comm_id: "c2", data: {} });
    assert.deepEqual(await list({}), { "from-cell": { target_name: "fake" } });
  });

  test("a runtime that dies has its displays' last wills carried out and its comms closed", async () => {
    const updates = () =>
      conversation.messages
        .filter(({ header }) => header.msg_type === "update_display_data")
        .map(summaryOf);
    const before = updates().length;
    await kernel.execute("show mine\nbequeath dead\nopen first");
    await kernel.execute("die", { isStoppedByErrors: false });
    await conversation.until(closes("first"));
    assert.deepEqual(updates().slice(before), ['update_display_data: {"text/plain":"dead"}']);

    await kernel.execute("show mine\nbequeath never\nkeep\nopen second");
    await kernel.execute("die", { isStoppedByErrors: false });
    await conversation.until(closes("second"));
    assert.equal(updates().length, before + 1);
  });

  test("pages the documentation of a name with a question mark", async () => {
    const { reply } = await kernel.execute("name?");
    assert.deepEqual(reply.payload, [
      { source: "page", data: { "text/plain": "about name?" }, start: 0 },
    ]);
  });

  test("gives each of user_expressions its value or its error", async () => {
    const userExpressions = { good: "1 + 1", bad: "typo" };
    const { reply } = await kernel.execute("value x", { userExpressions });
    const { good, bad } = reply.user_expressions as Record<string, Record<string, unknown>>;
    assert.deepEqual(good, { status: "ok", data: { "text/plain": "1 + 1" }, metadata: {} });
    assert.equal(bad?.status, "error");
    assert.equal(bad?.ename, "TypeScriptError");
  });

  test("a magic that is not known yet is asked for before the cell is compiled", async () => {
    assert.equal((await kernel.execute("%fake line")).reply.status, "ok");
  });

  test("ignores messages that are broken, forged, unknown or incomplete", async () => {
    const junk: string[][] = [
      [],
      ["<IDS|MSG>"],
      ["<IDS|MSG>", "signature", "{}", "{}", "{}", "{}"],
      ["noise"],
      ["<IDS|MSG>", "", "{", "{", "{", "{"],
    ];
    for (const channel of ["shell", "control", "stdin"] as const) {
      for (const frames of junk)
        kernel.sendFrames(
          channel,
          frames.map((frame) => Buffer.from(frame)),
        );
    }
    kernel.send("make_coffee_request", {});
    kernel.send("comm_msg", {});
    assert.equal((await kernel.execute("value x")).reply.status, "ok");
  });

  test("positions of completions count code points", async () => {
    const { matches, cursor_start, cursor_end } = await kernel.complete("😀ab", 2);
    assert.deepEqual(
      { matches, cursor_start, cursor_end },
      {
        matches: ["😀a"],
        cursor_start: 1,
        cursor_end: 2,
      },
    );
  });

  test("the history holds what ran, with outputs where they are asked for", async () => {
    await kernel.execute("value shown");
    const { content } = await kernel.request("history_request", {
      hist_access_type: "tail",
      n: 1,
      output: true,
    });
    const [entry] = content.history as unknown[][];
    assert.deepEqual(entry?.[2], ["value shown", "shown"]);
  });
});

describe("KernelServer's end", { timeout: 60_000 }, () => {
  for (const transport of ["tcp", "ipc"] as const) {
    test(`over ${transport} a shutdown request is answered, also during a cell, and the process ends`, async () => {
      await using kernel = await startFakeKernel({ transport });
      const conversation = new Conversation(kernel);
      void kernel.execute("print started\nwait").catch(() => {});
      await conversation.until((message) => summaryOf(message) === "stream: started\n");
      const { content } = await kernel.request(
        "shutdown_request",
        { restart: true },
        { channel: "control" },
      );
      assert.deepEqual(content, { status: "ok", restart: true });
      assert.equal((await kernel.ended).reason, "it exited with code 0");
    });
  }

  test("two front ends are both told what happens, and each gets its own replies", async () => {
    await using kernel = await startFakeKernel();
    await using other = await kernel.join();
    const conversation = new Conversation(other);
    await kernel.execute("print hello");
    await conversation.until((message) => summaryOf(message) === "stream: hello\n");
    assert.equal((await other.execute("value x")).reply.status, "ok");
  });
});

function closes(commId: string): (message: Message) => boolean {
  return ({ header, content }) => header.msg_type === "comm_close" && content.comm_id === commId;
}
