import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Verbs of the kernel's own program; its arguments are passed on as they are. */
export const kernelVerbs = {
  install: "Installs the TypeScript kernel for Jupyter.",
  uninstall: "Removes the TypeScript kernel from Jupyter.",
  run: "Executes a notebook and shows its outputs.",
} as const;

export interface KernelProgram {
  readonly child: ChildProcess;
  /** Its exit code; 0 where Ctrl-C ended it. */
  readonly exited: Promise<number>;
}

/** Starts the kernel's program; SIGTERM is passed on, Ctrl-C reaches it through the terminal. */
export function startKernelProgram(
  words: readonly string[],
  options: { readonly stdio: StdioOptions; readonly environment?: NodeJS.ProcessEnv },
): KernelProgram {
  const program = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));
  const { stdio, environment = process.env } = options;
  const child = spawn(process.execPath, [program, ...words], { stdio, env: environment });
  process.on("SIGINT", () => {}).on("SIGTERM", () => child.kill("SIGTERM"));
  const exited = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 0 : 1)));
  });
  return { child, exited };
}

/** The part of `colabcode --help` about the kernel. */
export function kernelHelp(): string {
  const rows = Object.entries(kernelVerbs).map(([verb, text]) => `  ${verb.padEnd(10)} ${text}`);
  return ["", "Kernel:", ...rows].join("\n");
}
