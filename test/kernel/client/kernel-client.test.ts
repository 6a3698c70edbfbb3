import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { KernelClient } from "../../../kernel/client/kernel-client.ts";
import { startFakeKernel } from "../../support/start-kernel.ts";

describe("KernelClient", { timeout: 60_000 }, () => {
  test("start() rejects with the last words of a program that ends", async () => {
    const script = "console.error('no such luck'); process.exit(3)";
    await assert.rejects(KernelClient.start({ argv: [process.execPath, "-e", script] }), {
      code: "kernel-ended",
      message: "The kernel is gone: it exited with code 3.\nno such luck",
    });
  });

  test("start() rejects where there is no such program", async () => {
    await assert.rejects(KernelClient.start({ argv: ["/nowhere/kernel"] }), {
      code: "kernel-start",
      message: /ENOENT/,
    });
  });

  test("start() gives up on a program that never answers, and ends it", async () => {
    const argv = [process.execPath, "-e", "setInterval(() => {}, 1000)"];
    await assert.rejects(KernelClient.start({ argv, startTimeoutMs: 300 }), {
      code: "kernel-silent",
      message: "The kernel did not answer within 0.3 s.",
    });
  });

  test("a kernel that is killed rejects what is running", async () => {
    await using kernel = await startFakeKernel();
    const running = kernel.execute("wait");
    process.kill(kernel.pid, "SIGKILL");
    await assert.rejects(running, { message: /it was ended by SIGKILL/ });
    await assert.rejects(kernel.execute("value x"), { code: "kernel-ended" });
  });

  test("a kernel ends by itself when the program that started it is gone", async () => {
    const { pid } = await startElsewhereAndDie();
    const deadline = Date.now() + 10_000;
    while (isAlive(pid)) {
      assert.ok(Date.now() < deadline, `kernel ${pid} is still there`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});

/** Another process starts a kernel, tells its pid and is killed. */
async function startElsewhereAndDie(): Promise<{ pid: number }> {
  const { execFile } = await import("node:child_process");
  const support = new URL("../../support/start-kernel.js", import.meta.url).href;
  const script = `
    const { startFakeKernel } = await import(${JSON.stringify(support)});
    const kernel = await startFakeKernel();
    process.stdout.write(String(kernel.pid), () => process.kill(process.pid, "SIGKILL"));
  `;
  const args = ["--input-type=module", "-e", script];
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, (_error, text) => resolve(text));
  });
  return { pid: Number(stdout) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: gone, which is what is waited for.
    return false;
  }
}
