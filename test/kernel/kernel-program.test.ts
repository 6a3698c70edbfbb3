import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KernelClient } from "../../kernel/client/kernel-client.ts";
import { buildKernelProgram } from "../../kernel/kernel-program.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const main = join(repositoryRoot, "dist", "kernel", "main.js");

/** What a kernel that was started with this cache says that it is, after it has added. */
async function implementationOf(cache: string): Promise<unknown> {
  await using kernel = await KernelClient.start({
    argv: [process.execPath, main, "{connection_file}"],
    environment: { ...process.env, COLABCODE_CACHE: cache },
  });
  const { outputs } = await kernel.execute("1 + 1");
  const [output] = outputs;
  assert.equal(output?.output_type === "execute_result" && output.data["text/plain"], "2");
  const { content } = await kernel.request("kernel_info_request", {});
  return content.implementation;
}

test("a kernel runs the program that was built for it, and does without where it is broken", async () => {
  await using folder = await temporaryFolder();
  process.env.COLABCODE_CACHE = folder.path;
  try {
    await buildKernelProgram();
  } finally {
    delete process.env.COLABCODE_CACHE;
  }
  const snapshots = join(folder.path, "snapshots");
  const name = readdirSync(snapshots).find((each) => each.endsWith(".js")) ?? "";
  const script = join(snapshots, name);
  const text = readFileSync(script, "utf8");
  assert.match(text, /implementation: "colabcode"/);
  writeFileSync(script, text.replace('implementation: "colabcode"', 'implementation: "built"'));
  assert.equal(await implementationOf(folder.path), "built");
  writeFileSync(script, "broken(");
  assert.equal(await implementationOf(folder.path), "colabcode");
});
