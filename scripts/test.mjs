/** `npm test [-- PATTERN]`: sets up what is missing, then runs every test file whose path holds PATTERN. */
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import {
  ensureBuilt,
  ensureCodeServer,
  ensurePackages,
  ensureTestEnvironment,
  ensureTestNodes,
  ensureTestPrograms,
  main,
  root,
} from "./setup.mjs";
import { runTestFile } from "./test-file.mjs";

const timeoutMs = 300_000;

await main(async (signal) => {
  const started = Date.now();
  const patterns = process.argv.slice(2);
  await ensurePackages(signal);
  await ensureBuilt(signal);
  const python = await ensureTestEnvironment(signal);
  await ensureTestPrograms(signal);
  await ensureTestNodes(signal);
  await ensureCodeServer(signal);
  const total = await runAll(findTests(patterns), {
    environment: testEnvironment(python),
    timeoutMs,
    signal,
  });
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stdout.write(`\n${total.files} files in ${seconds} s\n`);
  process.stdout.write(
    `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`,
  );
  if (signal.aborted) return 130;
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});

function findTests(patterns) {
  const folder = join(root, "dist", "test");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".test.js"))
    .filter((file) => patterns.length === 0 || patterns.some((text) => file.includes(text)))
    .sort()
    .map((file) => join("dist", "test", file));
}

/** The same for everybody: no secrets, tokens or ports of the person who runs the tests. */
function testEnvironment(python) {
  const own =
    /^(?:NGROK_|COLABCODE_(?!CACHE$)|JUPYTER_|PORT$|PASSWORD$|HASHED_PASSWORD$|NODE_TEST_|npm_)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  const path = [process.env.PATH ?? "", join(python, "bin")].join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path };
}

async function runAll(files, options) {
  const total = { files: files.length, passed: 0, failed: 0, skipped: 0 };
  const waiting = [...files];
  const failures = [];
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      if (options.signal.aborted) return;
      const result = await runTestFile(file, options);
      for (const key of ["passed", "failed", "skipped"]) total[key] += result[key];
      process.stdout.write(`${describe(file, result)}\n`);
      if (result.failed > 0) {
        failures.push({ file, result });
        process.stdout.write(`${result.output.trim()}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  if (failures.length > 0) process.stdout.write("\nFailed:\n");
  for (const { file, result } of failures) process.stdout.write(`${describe(file, result)}\n`);
  return total;
}

function describe(file, { passed, failed, skipped, problem, seconds }) {
  const name = file.slice(join("dist", "test").length + 1).replace(/\.js$/, ".ts");
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (problem !== undefined) parts.push(problem);
  return `${failed > 0 ? "FAILED" : "ok    "} ${name}: ${parts.join(", ")} (${seconds.toFixed(1)} s)`;
}
