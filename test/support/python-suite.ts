import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { install } from "../../kernel/install.ts";
import { repositoryRoot } from "./repository-root.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { testEnvironmentBin } from "./test-environment.ts";

export interface PythonResult {
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly detail: string;
}

/** The Python that has Jupyter's clients and suites: `COLABCODE_TEST_PYTHON`, else the test environment. */
export function testPython(): string {
  return process.env.COLABCODE_TEST_PYTHON ?? join(testEnvironmentBin, "python");
}

/**
 * Runs a module of test/conformance against the installed kernel, in a Jupyter of its own. Rejects
 * where Python cannot be run; a test that fails is a result.
 */
export async function runPythonSuite(
  module: string,
  python = testPython(),
): Promise<PythonResult[]> {
  await using folder = await temporaryFolder();
  await install({ kind: "prefix", folder: folder.path });
  const script = join(repositoryRoot, "test", "conformance", "run_suite.py");
  const child = spawn(python, [script, module], {
    cwd: folder.path,
    env: {
      ...process.env,
      JUPYTER_PATH: join(folder.path, "share", "jupyter"),
      JUPYTER_RUNTIME_DIR: join(folder.path, "runtime"),
      JUPYTER_CONFIG_DIR: join(folder.path, "config"),
      JUPYTER_PLATFORM_DIRS: "1",
      COLABCODE_HISTORY: join(folder.path, "history"),
      PYTHONWARNINGS: "ignore",
      PYTHONDONTWRITEBYTECODE: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const words = text(child.stderr);
  const results: PythonResult[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    // Written by run_suite.py in this form.
    results.push(JSON.parse(line) as PythonResult);
  }
  const code = await ended;
  if (code !== 0) throw new Error(`${module} ended with code ${code}:\n${await words}`);
  return results;
}
