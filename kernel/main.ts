#!/usr/bin/env node
import { KernelError } from "./errors.ts";

const usage = `Usage: colabcode-kernel CONNECTION_FILE
       colabcode-kernel install [--user | --sys-prefix | --prefix DIR] [--check] [--json]
       colabcode-kernel uninstall [--user | --sys-prefix | --prefix DIR] [--json]
       colabcode-kernel run NOTEBOOK [--output FILE] [--timeout SECONDS] [--allow-errors]
                             [--keep-alive] [--json]

The first form is what Jupyter runs. "install" tells Jupyter of the kernel, "run" executes a
notebook without Jupyter; with --keep-alive what it serves stays up until Ctrl-C.
`;

/** Each road loads only what it needs: a kernel has to start quickly. */
async function main([first, ...rest]: readonly string[]): Promise<number> {
  switch (first) {
    case undefined:
      process.stderr.write(usage);
      return 2;
    case "--help":
    case "-h":
    case "help":
      process.stdout.write(usage);
      return 0;
    case "--version":
      process.stdout.write(`${(await import("./server/kernel-info.ts")).packageVersion()}\n`);
      return 0;
    case "install":
    case "uninstall":
      return (await import("./commands/install.ts")).installCommand(first, rest);
    case "run":
      return (await import("./commands/run.ts")).runCommand(rest);
    default:
      return (await (await import("./kernel-program.ts")).loadKernelProgram()).serve(first);
  }
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  const isOurs = error instanceof KernelError;
  process.stderr.write(`${isOurs ? error.message : String(error)}\n`);
  if (isOurs && error.hint !== undefined) process.stderr.write(`${error.hint}\n`);
  process.exit(isOurs && error.code === "usage" ? 2 : 1);
}
