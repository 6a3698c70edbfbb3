import { parseArgs } from "node:util";
import { KernelClient } from "../client/kernel-client.ts";
import { KernelError } from "../errors.ts";
import { install, kernelSpec, uninstall } from "../install.ts";
import type { InstallPlace } from "../jupyter-folder.ts";
import { buildKernelProgram } from "../kernel-program.ts";
import { buildSnapshot } from "../language/build-snapshot.ts";
import { findSnapshot } from "../language/snapshot.ts";
import { usageError } from "./usage-error.ts";

/** `colabcode-kernel install` and `uninstall`; resolves with the exit code. */
export async function installCommand(
  command: "install" | "uninstall",
  words: readonly string[],
): Promise<number> {
  const { isJson, isCheck, place } = parse(command, words);
  if (command === "uninstall") {
    const folder = await uninstall(place);
    const text = folder === undefined ? "It was not installed here." : `Removed ${folder}`;
    print(isJson, text, { removed: folder ?? null });
    return 0;
  }
  const folder = await install(place);
  const installed = { installed: folder, ...kernelSpec() };
  // With --json there is one document, which with --check is there after the check.
  if (!isJson || !isCheck) print(isJson, `Installed ${folder}`, installed);
  await prepareStart(isJson);
  if (!isCheck) return 0;
  const durationMs = await check();
  const text = `It works: the first 1+1 took ${durationMs} ms from its start.`;
  print(isJson, text, { ...installed, check: { ok: true, durationMs } });
  return 0;
}

/** Builds the compiler's start-up snapshot, where there is none, so that the first start is quick too. */
async function prepareStart(isQuiet: boolean): Promise<void> {
  if (findSnapshot() !== undefined) return;
  if (!isQuiet) process.stderr.write("Preparing the compiler, so that kernels start sooner …\n");
  // Without it everything works, only later; a kernel builds it beside its work.
  try {
    if (await buildSnapshot(new AbortController().signal)) await buildKernelProgram();
  } catch {
    // The cache's folder cannot be written.
  }
}

/** Starts the kernel as front ends do and has it add; rejects saying what it answered instead. */
async function check(): Promise<number> {
  const started = performance.now();
  await using kernel = await KernelClient.start({ argv: kernelSpec().argv });
  const { reply, outputs } = await kernel.execute("1+1");
  const [output] = outputs;
  if (output?.output_type !== "execute_result" || output.data["text/plain"] !== "2") {
    throw new KernelError("check-failed", `1+1 gave ${JSON.stringify(output ?? reply)}, not 2.`);
  }
  return Math.round(performance.now() - started);
}

function parse(
  command: string,
  words: readonly string[],
): { isJson: boolean; isCheck: boolean; place: InstallPlace } {
  let values: {
    user?: boolean;
    "sys-prefix"?: boolean;
    prefix?: string;
    json?: boolean;
    check?: boolean;
  };
  try {
    ({ values } = parseArgs({
      args: [...words],
      options: {
        user: { type: "boolean" },
        "sys-prefix": { type: "boolean" },
        prefix: { type: "string" },
        json: { type: "boolean" },
        check: { type: "boolean" },
      },
    }));
  } catch (cause) {
    throw usageError(cause);
  }
  const { user, prefix, json: isJson = false, check: isCheck = false } = values;
  const isSysPrefix = values["sys-prefix"] ?? false;
  if (isCheck && command === "uninstall") throw usageError("--check goes with install.");
  if ([user ?? false, isSysPrefix, prefix !== undefined].filter(Boolean).length > 1) {
    throw usageError("Give one of --user, --sys-prefix and --prefix.");
  }
  if (prefix !== undefined) return { isJson, isCheck, place: { kind: "prefix", folder: prefix } };
  return { isJson, isCheck, place: { kind: isSysPrefix ? "sys-prefix" : "user" } };
}

function print(isJson: boolean, text: string, fields: Readonly<Record<string, unknown>>): void {
  process.stdout.write(isJson ? `${JSON.stringify(fields)}\n` : `${text}\n`);
}
