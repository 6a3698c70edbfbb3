import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../../magics/install/cache.ts";
import { testEnvironmentBin } from "../../support/test-environment.ts";

/** A kernel to be measured: what its kernelspec would hold, and the cells in its language. */
export interface Subject {
  readonly name: "ours" | "tslab" | "deno" | "ipykernel";
  readonly argv: readonly string[];
  readonly isPython: boolean;
}

const denoVersion = "2.9.6";

/** The kernels that are there; Deno is installed into the cache at the first call. */
export function findSubjects(): readonly Subject[] {
  const require = createRequire(import.meta.url);
  const tslab = join(require.resolve("tslab/package.json"), "..", "bin", "tslab");
  const main = fileURLToPath(new URL("../../../kernel/main.js", import.meta.url));
  const python = join(testEnvironmentBin, "python");
  const file = "{connection_file}";
  const all: Subject[] = [
    { name: "ours", argv: [process.execPath, main, file], isPython: false },
    {
      name: "tslab",
      argv: [process.execPath, tslab, "kernel", "--config-path", file],
      isPython: false,
    },
    { name: "deno", argv: [installDeno(), "jupyter", "--kernel", "--conn", file], isPython: false },
    {
      name: "ipykernel",
      argv: [python, "-m", "ipykernel_launcher", "-f", file],
      isPython: true,
    },
  ];
  return all.filter(({ argv }) => argv[0] !== undefined && existsSync(argv[0]));
}

function installDeno(): string {
  const folder = join(cacheFolder(), "deno");
  const program = join(folder, "node_modules", "deno", "deno");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const words = ["install", "--prefix", folder, "--no-audit", "--no-fund", `deno@${denoVersion}`];
    execFileSync("npm", words, { stdio: "inherit" });
    // npm may leave out what a package runs after its installation.
    execFileSync(process.execPath, [join(folder, "node_modules", "deno", "install.cjs")]);
  }
  return program;
}
