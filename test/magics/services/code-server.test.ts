import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { codeServerService } from "../../../magics/services/code-server.ts";
import type { RunningService, StartContext } from "../../../magics/services/service.ts";
import { isListening, isRunning, readProcess } from "../../support/process-facts.ts";

let folder = "";
let service: RunningService;
const progress: string[] = [];

function context(): StartContext {
  const { signal } = new AbortController();
  return { signal, onProgress: (text) => void progress.push(text) };
}

/** Logs in as the page's form does; gives status and target. */
async function logIn(url: string, password: string) {
  const response = await fetch(`${url}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: url },
    body: new URLSearchParams({ password, base: "." }),
  });
  return { status: response.status, cookie: response.headers.get("set-cookie") ?? "" };
}

const scratchFolders = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith("colabcode-code-"));

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "colabcode-test-"));
  writeFileSync(join(folder, "hello.txt"), "hello");
  process.env["PORT"] = "1";
  service = await codeServerService({ folder, dataFolder: join(folder, ".data") }).start(
    0,
    context(),
  );
});

after(async () => {
  await service[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("code-server runs on its own port, whatever PORT says, and answers with its marker", async () => {
  assert.equal(service.url, `http://127.0.0.1:${service.port}`);
  assert.equal((await fetch(`${service.url}/healthz`)).status, 200);
  const page = await fetch(`${service.url}${service.probePath}`);
  assert.equal(page.status, 200);
  assert.ok(service.marker !== undefined && (await page.text()).includes(service.marker));
  assert.equal(progress.at(-1), "starting code-server");
});

test("code-server says that it runs code and asks for a password", () => {
  assert.equal(service.runsCode, true);
  assert.equal(service.isProtected, true);
  assert.equal(service.secret?.label, "password");
  assert.match(service.secret?.value ?? "", /^[\w-]{24}$/);
  assert.equal(service.summary, `VS Code (code-server) · ${folder}`);
});

test("code-server lets in who knows the password and nobody else", async () => {
  const page = await fetch(`${service.url}/`, { redirect: "manual" });
  assert.equal(page.status, 302);
  const wrong = await logIn(service.url, "wrong");
  assert.deepEqual(wrong, { status: 200, cookie: "" });
  const right = await logIn(service.url, service.secret?.value ?? "");
  assert.equal(right.status, 302);
  assert.match(right.cookie, /^code-server-session/);
});

test("code-server's password is in no command line and no log", () => {
  const password = service.secret?.value ?? "";
  assert.ok(!readProcess(service.pid).commandLine.includes(password));
  assert.ok(!service.log().join("\n").includes(password));
});

test("code-server takes a password that is given, and does not show it", async () => {
  await using other = await codeServerService({
    folder,
    dataFolder: join(folder, ".data-2"),
    password: "given-by-the-user",
  }).start(0, context());
  assert.equal(other.secret, undefined);
  assert.equal((await logIn(other.url, "given-by-the-user")).status, 302);
});

test("code-server takes PASSWORD and HASHED_PASSWORD of the environment, and shows neither", async () => {
  // Of "correct horse", made by argon2 with the least cost it allows.
  const hash =
    "$argon2id$v=19$m=1024,t=1,p=4$bef8ayWu2Dvh4GnG1uQkVQ$PN/buD00fPlcQyTjRLkDrhjmen1S2glvoEsCT57oXOM";
  const rows = [
    ["PASSWORD", "battery staple", "battery staple"],
    ["HASHED_PASSWORD", hash, "correct horse"],
  ] as const;
  for (const [variable, value, password] of rows) {
    process.env[variable] = value;
    const dataFolder = join(folder, `.data-${variable}`);
    try {
      await using other = await codeServerService({ folder, dataFolder }).start(0, context());
      assert.equal(other.secret, undefined);
      assert.equal((await logIn(other.url, "wrong")).status, 200);
      assert.equal((await logIn(other.url, password)).status, 302);
      assert.ok(!other.log().join("\n").includes(value));
    } finally {
      delete process.env[variable];
    }
  }
});

test("an extension that cannot be had is a warning that names it", async () => {
  const dataFolder = join(folder, ".data-3");
  await using other = await codeServerService({
    folder,
    dataFolder,
    extensions: ["nobody.no-such-extension"],
  }).start(0, context());
  const warning = "The extension nobody.no-such-extension could not be installed.";
  assert.equal(other.log()[0], warning);
  assert.ok(progress.includes(warning));
});

test("ending code-server frees its port and removes its scratch folder", async () => {
  const before = scratchFolders();
  const other = await codeServerService({ folder, dataFolder: join(folder, ".data-4") }).start(
    0,
    context(),
  );
  const [own = ""] = scratchFolders().filter((name) => !before.includes(name));
  assert.notEqual(own, "");
  await other[Symbol.asyncDispose]();
  assert.equal(isRunning(other.pid), false);
  assert.equal(await isListening(other.port), false);
  assert.ok(!scratchFolders().includes(own));
});
