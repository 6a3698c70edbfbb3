import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { built, root } from "./setup.mjs";

const reporter = fileURLToPath(new URL("./count-reporter.mjs", import.meta.url));

/**
 * Runs one test file in a process of its own and gives its counts and output. What it leaves
 * running counts as a failure and is ended, as is the file itself after `timeoutMs` or by `signal`.
 */
export async function runTestFile(file, { environment, timeoutMs, signal }) {
  const { endFamily, familyMembers, familyVariable } = await built(
    "magics/services/process-family.js",
  );
  const started = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "colabcode-test-"));
  const countsFile = join(folder, "counts.json");
  const family = { pid: 0, mark: randomUUID() };
  const child = spawn(
    process.execPath,
    [
      ...["--enable-source-maps", "--test-reporter=spec", "--test-reporter-destination=stdout"],
      ...[`--test-reporter=${reporter}`, `--test-reporter-destination=${countsFile}`],
      file,
    ],
    {
      cwd: root,
      env: { ...environment, [familyVariable]: family.mark },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  family.pid = child.pid;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  let problem;
  const end = (text) => {
    problem ??= text;
    void endFamily(family, 2000);
  };
  const timer = setTimeout(() => end(`did not end within ${timeoutMs / 1000} s`), timeoutMs);
  const onAbort = () => end("was stopped");
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const code = await new Promise((resolve) => child.once("exit", (exitCode) => resolve(exitCode)));
  clearTimeout(timer);
  signal.removeEventListener("abort", onAbort);

  const left = await survivors(family, familyMembers);
  if (left.length > 0) problem ??= `left running: ${left.join(", ")}`;
  await endFamily(family, 0);
  const counts = readCounts(countsFile);
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0 && counts.failed === 0) problem ??= `ended with exit code ${code}`;
  if (problem !== undefined) counts.failed++;
  return { ...counts, problem, output, seconds: (Date.now() - started) / 1000 };
}

/** Processes that are still there 3 s after the file ended. */
async function survivors(family, familyMembers) {
  const deadline = Date.now() + 3000;
  let left = familyMembers(family);
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    left = familyMembers(family);
  }
  return left.map((pid) => `${pid} ${commandOf(pid)}`);
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, 3).join(" ").trim();
  } catch {
    return ""; // It ended just now, or this system has no /proc.
  }
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }; // The file ended before its reporter could write.
  }
}
