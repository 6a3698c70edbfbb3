import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { KernelClient } from "../../kernel/client/kernel-client.ts";
import { fail, linkIn, run, textOf } from "../support/cell-outputs.ts";
import { descendants } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel } from "../support/start-kernel.ts";
import { useTestEnvironment } from "../support/test-environment.ts";
import { waitUntil } from "../support/wait-until.ts";
import { withoutRoom } from "../support/without-room.ts";

const main = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));
// A file system that only the kernel and its children see: it is gone when they are.
const unshare = process.getuid?.() === 0 ? ["unshare", "-m"] : ["unshare", "-rm"];
const canMount = isMountAllowed();
/** A disk that is full but for names of files, one that takes no file, and files that may not grow. */
type Disk = "some files" | "no file" | "no byte";
let disk = "";

before(() => useTestEnvironment());
beforeEach(() => {
  disk = realpathSync(mkdtempSync(join(tmpdir(), "colabcode-disk-")));
});
afterEach(() => rmSync(disk, { recursive: true, force: true }));

function isMountAllowed(): boolean {
  const [command = "", ...words] = [...unshare, "mount", "-t", "tmpfs", "none", tmpdir()];
  return spawnSync(command, words).status === 0;
}

function skipOf(files: Disk): string | false {
  return canMount || files === "no byte" ? false : "this user may not mount a file system";
}

/** What comes before the kernel's program, so that for it `disk` has no room. */
function fullDisk(files: Disk): string[] {
  if (files === "no byte") {
    writeFileSync(join(disk, "filling"), "before");
    return ["sh", ...withoutRoom(0)];
  }
  const inodes = files === "no file" ? 2 : 1_000; // The folder itself and the file that fills it.
  const script = `mount -t tmpfs -o size=64k,nr_inodes=${inodes} none "${disk}"
printf before > "${disk}/filling"
cat /dev/zero >> "${disk}/filling" 2>/dev/null
exec "$0" "$@"`;
  return [...unshare, "sh", "-c", script];
}

function startOnFullDisk(files: Disk): Promise<KernelClient> {
  return startKernel({
    argv: [...fullDisk(files), process.execPath, main, "{connection_file}"],
    folder: join(repositoryRoot, "notebooks"),
    environment: {
      ...process.env,
      TMPDIR: disk,
      COLABCODE_CACHE: join(disk, "cache"),
      COLABCODE_HISTORY: join(disk, "history"),
      XDG_CONFIG_HOME: join(disk, "config"),
    },
  });
}

/** What is on the disk, as the kernel sees it. */
async function filesOn(kernel: KernelClient): Promise<string> {
  const code = `require("node:fs").readdirSync(${JSON.stringify(disk)}, { recursive: true }).sort().join(" ")`;
  return (await run(kernel, code)).trim();
}

const train = "%colabcode train npm:vega-datasets/data/penguins.json --target Species";

for (const files of ["some files", "no byte"] as const) {
  const skip = skipOf(files);

  test(`with room for ${files} cells run, models are trained and served, and recording stops nobody`, {
    skip,
  }, async () => {
    await using kernel = await startOnFullDisk(files);
    assert.match(await run(kernel, train), /trained on 275 rows/);
    const line = `%colabcode app --port 0 --name recorded --record ${disk}/record.jsonl`;
    const cell = await kernel.execute(line);
    const link = linkIn(textOf(cell.outputs));
    for (let time = 0; time < 5; time++) {
      const body = JSON.stringify({ Island: "Biscoe" });
      const headers = { "content-type": "application/json" };
      const answer = await fetch(new URL("/predict", link), { method: "POST", headers, body });
      assert.equal(answer.status, 200, await answer.text());
    }
    const told =
      /Requests are no longer recorded in .*record\.jsonl: the (disk is full|file would)/;
    await waitUntil("a card that says so", () => told.test(textOf(cell.outputs)));
    const status = await run(kernel, "%colabcode status");
    assert.match(status, /recorded +live/);
    assert.match(status, told);
    await run(kernel, "%colabcode stop --all");
    assert.match(await run(kernel, "6 * 7"), /42/);
    const history = (await filesOn(kernel)).match(/history\/session-\d+\.jsonl/g);
    assert.equal(history?.length, 1, "one file of the history, whatever fails");
  });

  test(`with room for ${files} a model that does not fit is told of, and the earlier file stays`, {
    skip,
  }, async () => {
    await using kernel = await startOnFullDisk(files);
    await run(kernel, train);
    const { text } = await fail(kernel, `await model.save("${disk}/filling")`);
    assert.match(
      text,
      /The model is not saved in .*filling: the (disk is full|file would be larger)/,
    );
    await fail(kernel, `await model.exportOnnx("${disk}/model.onnx")`);
    assert.doesNotMatch(await filesOn(kernel), /part|onnx/);
    const start = `require("node:fs").readFileSync("${disk}/filling", "latin1").slice(0, 6)`;
    assert.match(await run(kernel, start), /before/);
  });

  test(`with room for ${files} no project is exported, no token is stored, and none is lost`, {
    skip,
  }, async () => {
    await using kernel = await startOnFullDisk(files);
    await run(kernel, train);
    const exported = await fail(kernel, `%colabcode export ${disk}/new/service`);
    assert.match(exported.text, /The project is not written to .*new\/service: the/);
    const keep = `const { mkdirSync, symlinkSync, readFileSync } = require("node:fs");
mkdirSync("${disk}/config/colabcode", { recursive: true });
symlinkSync("${disk}/filling", "${disk}/config/colabcode/auth.json");`;
    await run(kernel, keep);
    const onInput = () => "a-token-that-is-not-stored";
    const stored = await fail(kernel, "%colabcode auth", { onInput });
    assert.match(stored.text, /The token is not stored in .*auth\.json: the/);
    assert.doesNotMatch(stored.text, /a-token-that/);
    assert.match(
      await run(kernel, `readFileSync("${disk}/config/colabcode/auth.json", "latin1").slice(0, 6)`),
      /before/,
    );
    assert.doesNotMatch(await filesOn(kernel), /part|new/);
  });
}

for (const files of ["some files", "no file", "no byte"] as const) {
  test(`a start that finds room for ${files} says so and leaves nothing`, {
    skip: skipOf(files),
  }, async () => {
    await using kernel = await startOnFullDisk(files);
    const app = `const app = (request, response) => response.end("hello");\n`;
    const link = linkIn(await run(kernel, `${app}%colabcode app --port 0 --name mine`));
    assert.equal(await (await fetch(link)).text(), "hello");
    const staying = descendants(kernel.pid);
    const { text } = await fail(kernel, "%colabcode lab --port 0 --name lab");
    assert.match(text, /The session lab did not start: the (disk is full|file would be larger)/);
    assert.match(text, /TMPDIR and COLABCODE_CACHE/);
    await waitUntil("the end of its processes", () =>
      descendants(kernel.pid).every((pid) => staying.includes(pid)),
    );
    assert.doesNotMatch(await filesOn(kernel), /colabcode-(lab|jupyterlab)/);
    assert.match(await run(kernel, "%colabcode status"), /mine +live/);
  });
}
