import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { codeServerService } from "../../magics/services/code-server.ts";
import { jupyterLabService } from "../../magics/services/jupyterlab.ts";
import type { Service, StartContext } from "../../magics/services/service.ts";
import { useTestEnvironment } from "../support/test-environment.ts";
import { launchChromium } from "./browser.ts";

let browser: Browser;
let folder = "";
const screenshots = join(import.meta.dirname, "../../../screenshots");

before(async () => {
  useTestEnvironment();
  mkdirSync(screenshots, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "colabcode-test-"));
  writeFileSync(join(folder, "hello.txt"), "Hello from the notebook's folder.\n");
  browser = await launchChromium();
});

after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the service, opens its first link in a fresh browser, and ends both. */
async function visit(
  service: Service,
  look: (page: Page, secret: string) => Promise<void>,
): Promise<void> {
  const context: StartContext = { signal: new AbortController().signal, onProgress: () => {} };
  await using running = await service.start(0, context);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(60_000);
  try {
    await page.goto(running.url + (running.links[0]?.path ?? "/"));
    await look(page, running.secret?.value ?? "");
  } catch (error) {
    await page.screenshot({ path: join(screenshots, `failed-${service.kind}.png`) });
    throw error;
  } finally {
    await page.close();
  }
}

test("a visitor logs in to code-server with the password and opens a file", async () => {
  const service = codeServerService({ folder, dataFolder: join(folder, ".data") });
  await visit(service, async (page, password) => {
    await page.locator("input[type=password]").fill("wrong");
    await page.locator("input[type=submit]").click();
    await page.getByText("Incorrect password").waitFor();
    await page.locator("input[type=password]").fill(password);
    await page.locator("input[type=submit]").click();
    await page.locator(".explorer-viewlet .monaco-list-row", { hasText: "hello.txt" }).dblclick();
    const editor = page.locator(".monaco-editor .view-lines").first();
    await editor.getByText("Hello from the notebook's folder.").waitFor();
    await page.screenshot({ path: join(screenshots, "code-server.png") });
    assert.match(await page.title(), /hello\.txt/);
  });
});

test("a visitor logs in to JupyterLab with the token and sees the folder", async () => {
  await visit(jupyterLabService({ folder }), async (page, token) => {
    await page.locator("#password_input").fill("wrong");
    await page.locator("#login_submit").click();
    await page.getByText("Invalid credentials").waitFor();
    await page.locator("#password_input").fill(token);
    await page.locator("#login_submit").click();
    await page.locator(".jp-DirListing-item", { hasText: "hello.txt" }).waitFor();
    await page.locator(".jp-LauncherCard").first().waitFor();
    await page.screenshot({ path: join(screenshots, "jupyterlab.png") });
  });
});
