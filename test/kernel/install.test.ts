import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { install, kernelSpec, uninstall } from "../../kernel/install.ts";
import { jupyterFolder } from "../../kernel/jupyter-folder.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const main = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));

test("kernelSpec() has absolute paths of this Node and of the program", () => {
  assert.deepEqual(kernelSpec(), {
    argv: [process.execPath, main, "{connection_file}"],
    display_name: "TypeScript (ColabCode)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
  });
});

test("install() writes kernel.json and the logos, over an earlier one, and nothing beside it", async () => {
  await using folder = await temporaryFolder();
  const place = { kind: "prefix", folder: folder.path } as const;
  const target = await install(place);
  assert.equal(target, join(folder.path, "share", "jupyter", "kernels", "colabcode"));
  await writeFile(join(target, "stale"), "");
  await install(place);
  assert.deepEqual((await readdir(target)).sort(), [
    "kernel.json",
    "logo-32x32.png",
    "logo-64x64.png",
    "logo-svg.svg",
  ]);
  assert.deepEqual(await readdir(join(target, "..")), ["colabcode"]);
  const png = await readFile(join(target, "logo-64x64.png"));
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [64, 64]);
  assert.deepEqual(JSON.parse(await readFile(join(target, "kernel.json"), "utf8")), kernelSpec());
});

test("uninstall() removes what install() wrote, and says where there was nothing", async () => {
  await using folder = await temporaryFolder();
  const place = { kind: "prefix", folder: folder.path } as const;
  const target = await install(place);
  assert.equal(await uninstall(place), target);
  assert.equal(await uninstall(place), undefined);
});

test("install() names the folder that cannot be written", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "share"), "in the way");
  await assert.rejects(install({ kind: "prefix", folder: folder.path }), {
    code: "not-writable",
    message: /share\/jupyter\/kernels\/colabcode cannot be changed/,
  });
});

for (const [environment, kind, expected] of [
  [{ JUPYTER_DATA_DIR: "/data/jupyter" }, "user", "/data/jupyter"],
  [{ VIRTUAL_ENV: "/venv" }, "sys-prefix", "/venv/share/jupyter"],
  [{ CONDA_PREFIX: "/conda" }, "sys-prefix", "/conda/share/jupyter"],
] as const) {
  test(`jupyterFolder() of ${kind} is ${expected} with ${JSON.stringify(environment)}`, async () => {
    assert.equal(await jupyterFolder({ kind }, environment), expected);
  });
}

test("jupyterFolder() of sys-prefix rejects with the way on where there is no Python", async () => {
  await assert.rejects(jupyterFolder({ kind: "sys-prefix" }, { PATH: "/nowhere" }), {
    code: "no-python",
    hint: "Use --user, or --prefix DIR.",
  });
});

test("colabcode-kernel install --json prints what it installed where, and readies the first start", async () => {
  await using folder = await temporaryFolder();
  const args = [main, "install", "--prefix", folder.path, "--json"];
  const env = { ...process.env, COLABCODE_CACHE: join(folder.path, "cache") };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const snapshots = await readdir(join(folder.path, "cache", "snapshots"));
  assert.equal(snapshots.filter((name) => name.endsWith(".blob")).length, 1);
  assert.deepEqual(JSON.parse(stdout), {
    installed: join(folder.path, "share", "jupyter", "kernels", "colabcode"),
    ...kernelSpec(),
  });
});

test("colabcode-kernel install --check --json prints one document, with how the check went", async () => {
  await using folder = await temporaryFolder();
  const args = [main, "install", "--prefix", folder.path, "--check", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { check, ...installed } = JSON.parse(stdout);
  assert.deepEqual(installed, {
    installed: join(folder.path, "share", "jupyter", "kernels", "colabcode"),
    ...kernelSpec(),
  });
  assert.equal(check.ok, true);
  assert.ok(check.durationMs > 0);
});

for (const args of [[], ["install", "--nope"], ["install", "--user", "--prefix", "x"], ["run"]]) {
  test(`colabcode-kernel ${args.join(" ") || "without a word"} exits with 2 and says why`, async () => {
    await assert.rejects(promisify(execFile)(process.execPath, [main, ...args]), {
      code: 2,
      stderr: /./,
    });
  });
}
