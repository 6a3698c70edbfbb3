import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { KernelClient } from "../../kernel/client/kernel-client.ts";
import { fail, linkIn, run } from "../support/cell-outputs.ts";
import { type Ingress, startIngress } from "../support/ngrok-ingress.ts";
import { startKernel } from "../support/start-kernel.ts";

const program = fileURLToPath(new URL("../support/tunnel-program.js", import.meta.url));
const app = `const app = (request, response) => response.end("hello");\n`;
let folder = "";
let ingress: Ingress;
let kernel: KernelClient;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "colabcode-options-"));
  writeFileSync(join(folder, "policy.json"), '{"on_http_request":[{"actions":[{"type":"deny"}]}]}');
  ingress = await startIngress({ foreignDomains: ["taken.example"] });
  const environment = { ...process.env, ...ingress.environment };
  kernel = await startKernel({ folder, environment });
});
after(async () => {
  await kernel.shutdown();
  await ingress[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("--domain is asked for, and one of somebody else's is one sentence with the fix", async () => {
  await run(kernel, `${app}%colabcode app --port 0 --name mine --domain my-app.example`);
  assert.equal(ingress.tunnels()[0]?.options.Domain, "my-app.example");
  await run(kernel, "%colabcode stop mine");
  const line = `${app}%colabcode app --port 0 --tunnel ngrok --domain taken.example`;
  const { text } = await fail(kernel, line);
  assert.match(text, /The domain belongs to another ngrok account\. \(ERR_NGROK_320\)/);
  assert.match(text, /leave --domain out/);
  await run(kernel, "%colabcode stop --all");
});

for (const { options, status } of [
  { options: "--allow-cidr 203.0.113.0/24", status: 403 },
  { options: "--oauth github --oauth-allow ana@example.org", status: 302 },
  { options: "--traffic-policy policy.json", status: 403 },
]) {
  test(`${options} keeps strangers out; the card says that this machine got ${status}`, async () => {
    const line = `${app}%colabcode app --port 0 --name ruled --tunnel ngrok ${options}`;
    const text = await run(kernel, line);
    assert.match(text, new RegExp(`rules do not let in: this machine got ${status}\\.`));
    const response = await fetch(linkIn(text), { redirect: "manual" });
    assert.equal(response.status, status);
    assert.equal(linkIn(await run(kernel, line)).href, linkIn(text).href);
    await run(kernel, "%colabcode stop --all");
    assert.equal(ingress.tunnels().length, 0);
  });
}

test("--allow-cidr lets its networks in, and a re-run with others opens another link", async () => {
  const line = (networks: string) =>
    `${app}%colabcode app --port 0 --name open --allow-cidr ${networks}`;
  const link = linkIn(await run(kernel, line("127.0.0.0/8")));
  assert.equal(await (await fetch(link)).text(), "hello");
  assert.equal(linkIn(await run(kernel, line("127.0.0.0/8"))).href, link.href);
  assert.equal(ingress.tunnels().length, 1);
  const text = await run(kernel, line("127.0.0.0/8,203.0.113.0/24"));
  assert.match(text, new RegExp(`The public link has changed: ${link.origin} leads here no more`));
  await run(kernel, "%colabcode stop --all");
});

test("options that only ngrok can keep are refused by other ways to share", async () => {
  const line = `--port 0 --tunnel-command "${process.execPath} ${program} {port}" --oauth github`;
  assert.match((await fail(kernel, `${app}%colabcode app ${line}`)).text, /command/);
  await run(kernel, "%colabcode stop --all");
});

test("--tunnel-command opens the link, and it stays when the cell runs again", async () => {
  const command = `"${process.execPath} ${program} {port}"`;
  const line = `${app}%colabcode app --port 0 --name own --no-probe --tunnel-command ${command}`;
  const text = await run(kernel, line);
  assert.match(text, /tunnel +command/);
  const link = linkIn(text);
  assert.equal(await (await fetch(link)).text(), "hello");
  assert.equal(linkIn(await run(kernel, line)).href, link.href);
  await run(kernel, "%colabcode stop own");
  await assert.rejects(fetch(link));
});
