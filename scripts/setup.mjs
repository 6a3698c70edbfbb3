/**
 * Everything a fresh clone needs, each step skipped where it is done already. Run it by itself to
 * set up all; `npm start`, `npm run lab` and `npm test` use the steps they need.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt, ensurePackages, root } from "./packages.mjs";
import { Progress } from "./progress.mjs";

export { ensureBuilt, ensurePackages, root };

/** A module of this project, after it was built. */
export function built(path) {
  return import(pathToFileURL(join(root, "dist", path)).href);
}

/**
 * The folder of the Python environment that the tests use, made where it is missing, as is the one
 * with the versions that Colab runs.
 */
export async function ensureTestEnvironment(signal) {
  const { ensureInstalled } = await built("magics/install/installation.js");
  const pinned = await pinnedEnvironment();
  await withProgress("Python environment with Colab's versions", signal, (context) =>
    ensureInstalled(pinned, context),
  );
  const environment = await testEnvironment();
  return withProgress("Python test environment", signal, (context) =>
    ensureInstalled(environment, context),
  );
}

/** The same folder, undefined where it is not there yet. */
export async function findTestEnvironment() {
  const { findInstalled } = await built("magics/install/installation.js");
  return findInstalled(await testEnvironment());
}

/** code-server on PATH or in the cache, installed where it is missing. */
export async function ensureCodeServer(signal) {
  const { findCodeServer } = await built("magics/services/code-server-program.js");
  return withProgress("code-server", signal, (context) => findCodeServer(context));
}

/** Chromium and an SSH server, installed where they are missing and this is root on Debian or Ubuntu. */
export async function ensureTestPrograms(signal) {
  const { ensureSystemPackages } = await built("magics/install/system-packages.js");
  const programs = [
    {
      name: "Chromium",
      debianPackage: "chromium",
      isThere: () => existsSync("/usr/bin/chromium"),
    },
    {
      name: "OpenSSH's server",
      debianPackage: "openssh-server",
      isThere: () => existsSync("/usr/sbin/sshd"),
    },
  ];
  return withProgress("Chromium and sshd", signal, (context) =>
    ensureSystemPackages(programs, "The tests", context),
  );
}

/** The versions of Node that the tests run notebooks on, besides the one that runs the tests. */
export async function ensureTestNodes(signal) {
  const { ensureInstalled } = await built("magics/install/installation.js");
  const { runNpm } = await built("magics/install/npm.js");
  const text = readFileSync(join(root, "test", "node-versions.json"), "utf8");
  const dependencies = JSON.parse(text).map((version) => [
    `node-${version}`,
    `npm:node-${process.platform}-${process.arch}@${version}`,
  ]);
  const installation = {
    name: "test-nodes",
    title: "the versions of Node",
    version: text,
    async build(folder, _finalFolder, { signal: stopped, onProgress }) {
      const about = { private: true, dependencies: Object.fromEntries(dependencies) };
      writeFileSync(join(folder, "package.json"), JSON.stringify(about));
      await runNpm({
        task: "Installing other versions of Node",
        args: ["install", "--ignore-scripts"],
        folder,
        signal: stopped,
        onPackages: (count) => onProgress(`installing ${count} of ${dependencies.length}`),
      });
    },
  };
  return withProgress("Versions of Node", signal, (context) =>
    ensureInstalled(installation, context),
  );
}

function testEnvironment() {
  return environmentOf("requirements.txt", "test-env", "the Python test environment");
}

function pinnedEnvironment() {
  const title = "the Python environment with Colab's versions";
  return environmentOf("requirements-colab.txt", "test-colab-env", title);
}

async function environmentOf(requirements, name, title) {
  const { pythonEnvironment } = await built("magics/install/python.js");
  const file = join(root, "test", requirements);
  const text = readFileSync(file, "utf8");
  const version = createHash("sha256").update(text).digest("hex");
  return pythonEnvironment({ name, title, version }, ["-r", file]);
}

async function withProgress(name, signal, run) {
  const progress = new Progress();
  const started = Date.now();
  let hasWorked = false;
  const onProgress = (text) => {
    hasWorked = true;
    progress.show(text);
  };
  try {
    const result = await run({ signal, onProgress });
    const seconds = Math.round((Date.now() - started) / 1000);
    progress.end(hasWorked ? `${name}: ready after ${seconds} s` : undefined);
    return result;
  } catch (error) {
    progress.end();
    throw error;
  }
}

/** Runs a script's main function: errors as plain sentences, Ctrl-C as an abort of `signal`. */
export async function main(run) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
  try {
    process.exitCode = (await run(controller.signal)) ?? 0;
  } catch (error) {
    if (controller.signal.aborted) process.exitCode = 130;
    else {
      process.stderr.write(`${error.message}${error.hint ? `\n${error.hint}` : ""}\n`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] === join(root, "scripts", "setup.mjs")) {
  await main(async (signal) => {
    await ensurePackages(signal);
    await ensureBuilt(signal);
    await ensureTestEnvironment(signal);
    await ensureTestPrograms(signal);
    await ensureTestNodes(signal);
    await ensureCodeServer(signal);
    process.stdout.write("Everything is set up.\n");
  });
}
