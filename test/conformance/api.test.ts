import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { createModelApp } from "../../magics/app/model-app.ts";
import type { RequestListener } from "../../magics/app/server.ts";
import { shopApp } from "../fixtures/shop-app.ts";
import { serve } from "../magics/app/serve.ts";
import { createModel, savedPenguins } from "../magics/app/small-model.ts";
import { testPython } from "../support/python-suite.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const run = promisify(execFile);
const here = join(repositoryRoot, "test", "conformance");

/** Runs schemathesis against `app` for some seconds; gives its report where it found a failure. */
async function findFailures(app: RequestListener): Promise<string | undefined> {
  await using folder = await temporaryFolder();
  await using server = await serve(app);
  const options = ["--max-examples", "40", "--max-time", "12", "--workers", "1", "--no-color"];
  const limits = ["--request-timeout", "5", "--generation-database", "none", "--no-shrink"];
  const program = ["-m", "schemathesis.cli", "--config-file", join(here, "api.toml"), "run"];
  const url = `${server.url}/openapi.json`;
  try {
    await run(testPython(), [...program, ...options, ...limits, url], {
      cwd: folder.path,
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: "api_hooks",
        PYTHONPATH: here,
        PYTHONDONTWRITEBYTECODE: "1",
        NO_PROXY: "127.0.0.1",
      },
      timeout: 60_000,
      maxBuffer: 2 ** 26,
    });
    return undefined;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }; // As execFile rejects.
    return `${stdout}${stderr}`.replaceAll(/.{2000,}/g, "(a long line)");
  }
}

test("schemathesis finds no failure in a model app", async () => {
  const model = createModelApp(createModel(savedPenguins()));
  using _ = model;
  assert.equal(await findFailures(model.app), undefined);
});

test("schemathesis finds no failure in an app of createApp", async () => {
  assert.equal(await findFailures(shopApp()), undefined);
});

test("a client of the Open Inference Protocol reads and asks a model app", async () => {
  const model = createModelApp(createModel(savedPenguins()));
  using _ = model;
  await using server = await serve(model.app);
  const { stdout } = await run(testPython(), [join(here, "inference_client.py"), server.url], {
    env: { ...process.env, PYTHONWARNINGS: "ignore", PYTHONDONTWRITEBYTECODE: "1" },
    timeout: 30_000,
  });
  assert.deepEqual(JSON.parse(stdout), {
    server: "colabcode",
    inputs: ["flipper", "bill", "island"],
    id: "a",
    outputs: {
      prediction: ["Adelie", "Gentoo"],
      probabilities: [0.97, 0.03, 0, 0, 0.05, 0.95],
    },
    refusal: "ApiError",
  });
});
