import { fileURLToPath } from "node:url";
import { KernelClient, type StartOptions } from "../../kernel/client/kernel-client.ts";

/** Starts this package's kernel: `await using kernel = await startKernel()`. */
export function startKernel(options: StartOptions = {}): Promise<KernelClient> {
  return KernelClient.start(options);
}

/** Starts the real server over a language and a runtime that only know the commands of the fakes. */
export function startFakeKernel(options: StartOptions = {}): Promise<KernelClient> {
  const program = fileURLToPath(new URL("./fake-kernel.js", import.meta.url));
  return KernelClient.start({ argv: [process.execPath, program, "{connection_file}"], ...options });
}
