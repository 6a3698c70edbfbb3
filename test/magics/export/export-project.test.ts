import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CommandLine } from "../../support/command-line.ts";
import { freePort } from "../../support/free-port.ts";
import { isPortFree } from "../../support/process-facts.ts";
import { repositoryRoot } from "../../support/repository-root.ts";
import { waitUntil } from "../../support/wait-until.ts";

let folder = "";

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "colabcode export "));
  const table = join(repositoryRoot, "node_modules", "vega-datasets", "data", "penguins.json");
  const words = ["train", table, "--target", "Species", "--save", "model.json"];
  const { code, err } = await new CommandLine(folder).run(...words);
  assert.equal(code, 0, err);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("colabcode export writes a project that npm start serves", async () => {
  const terminal = new CommandLine(folder);
  const { code, out, err } = await terminal.run("export", "my service", "--model", "model.json");
  assert.equal(code, 0, err);
  assert.match(out, /^Wrote .*my service\. In it: npm install, then npm start\.\n$/);
  const project = join(folder, "my service");
  assert.deepEqual(readdirSync(project).sort(), [
    "README.md",
    "model.json",
    "package.json",
    "server.js",
  ]);
  const { name, scripts } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  assert.equal(name, "my-service");

  // What `npm install` would put there.
  mkdirSync(join(project, "node_modules"));
  symlinkSync(repositoryRoot, join(project, "node_modules", "colabcode"), "dir");
  const port = await freePort();
  const [command = "", ...words] = scripts.start.split(" ");
  const child = spawn(command, words, {
    cwd: project,
    env: { ...process.env, PORT: String(port), NGROK_AUTHTOKEN: "not-used" },
    stdio: "ignore",
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  try {
    const example = JSON.parse(readFileSync(join(project, "model.json"), "utf8")).schema.example;
    const answer = await waitUntil("an answer", () =>
      fetch(`http://127.0.0.1:${port}/predict`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(example),
      }).catch(() => undefined),
    );
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /Adelie|Gentoo|Chinstrap/);
  } finally {
    child.kill("SIGTERM");
  }
  assert.equal(await exited, 0);
  assert.equal(await isPortFree(port), true);
});

test("colabcode export that finds no room says so and leaves nothing", async () => {
  const terminal = new CommandLine(folder);
  mkdirSync(join(folder, "empty"));
  for (const name of ["new/service", "empty"]) {
    const words = ["export", name, "--model", "model.json"];
    const { code, err } = await terminal.runWithoutRoom(...words);
    assert.equal(code, 1);
    assert.match(
      err,
      /^colabcode: The project is not written to .*: the file would be larger than is allowed/,
    );
    assert.match(err, /Make room, or name a folder on another disk\./);
  }
  assert.equal(existsSync(join(folder, "new")), false);
  assert.deepEqual(readdirSync(join(folder, "empty")), []);
});

test("colabcode export leaves a folder with something in it alone", async () => {
  const { code, err } = await new CommandLine(folder).run("export", ".", "--model", "model.json");
  assert.equal(code, 2);
  assert.match(err, /is not empty: it has /);
});
