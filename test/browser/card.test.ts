import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { jupyterLabService } from "../../magics/services/jupyterlab.ts";
import type { RunningService } from "../../magics/services/service.ts";
import { type Ingress, startIngress } from "../support/ngrok-ingress.ts";
import { isPortFree } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { useTestEnvironment } from "../support/test-environment.ts";
import { waitUntil } from "../support/wait-until.ts";
import { openBrowser } from "./browser.ts";

const screenshots = join(repositoryRoot, "screenshots");
const app = `import { readFileSync } from "node:fs";
Object.assign(process.env, JSON.parse(readFileSync("ingress.json", "utf8")));
const app = (request, response) => {
  console.log(request.url);
  response.statusCode = request.url === "/broken" ? 500 : 200;
  response.end("hello");
};
%colabcode app --port 0`;

let folder = "";
let ingress: Ingress;
let lab: RunningService;

before(async () => {
  useTestEnvironment();
  mkdirSync(screenshots, { recursive: true });
  folder = mkdtempSync(join(repositoryRoot, "dist", "card-"));
  ingress = await startIngress();
  // A notebook server is not given the token, so that the notebook reads it itself.
  writeFileSync(join(folder, "ingress.json"), JSON.stringify(ingress.environment));
  lab = await jupyterLabService({ folder }).start(0, {
    signal: new AbortController().signal,
    onProgress: () => {},
  });
});

after(async () => {
  await lab[Symbol.asyncDispose]();
  await ingress[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function writeNotebook(name: string, source: string): string {
  const path = join(folder, name);
  const kernelspec = {
    name: "colabcode",
    display_name: "TypeScript (ColabCode)",
    language: "typescript",
  };
  const cell = { cell_type: "code", id: "serve", metadata: {}, outputs: [], execution_count: null };
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec },
    cells: [{ ...cell, source }],
  };
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}

async function runAllCells(page: Page): Promise<void> {
  await page.getByText("TypeScript (ColabCode)").first().waitFor();
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByText("Run All Cells", { exact: true }).click();
}

async function save(page: Page): Promise<void> {
  const saved = page.waitForResponse(
    (response) => response.request().method() === "PUT" && response.ok(),
  );
  await page.keyboard.press("Control+s");
  await saved;
}

async function localPort(card: Locator): Promise<number> {
  const href = await card.locator("a[href*='127.0.0.1']").nth(1).getAttribute("href");
  return Number(new URL(href ?? "").port);
}

test("a card in JupyterLab counts, restarts and stops its session by its buttons", async () => {
  const path = writeNotebook("card.ipynb", app);
  await using browser = await openBrowser();
  const { page } = browser;
  page.setDefaultTimeout(30_000);
  try {
    await page.goto(`${lab.url}/lab/tree/card.ipynb?token=${lab.secret?.value}`);
    await runAllCells(page);
    const card = page.locator(".colabcode-card").first();
    await card.getByText("live since").waitFor();
    const port = await localPort(card);
    await card.getByRole("button", { name: "Restart session" }).waitFor();
    for (const page of ["/", "/songs", "/broken"]) await fetch(`http://127.0.0.1:${port}${page}`);
    await card.getByText("1 error").waitFor();
    await card.screenshot({ path: join(screenshots, "card-live.png") });
    await card.getByText("QR code").click();
    await card.getByText("last requests").click();
    await card.screenshot({ path: join(screenshots, "card-open.png") });

    const before = await card.locator(".title").textContent();
    await card.getByRole("button", { name: "Restart session" }).click();
    await card.getByText("none so far").waitFor();
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
    assert.equal(await card.locator(".title").textContent(), before);

    await card.getByRole("button", { name: "Stop session" }).click();
    await card.getByText("stopped on its card").waitFor();
    await waitUntil("a free port", () => isPortFree(port));
    assert.equal(await card.getByRole("button").count(), 0);
    await card.screenshot({ path: join(screenshots, "card-ended.png") });
    await save(page);
    const notebook = readFileSync(path, "utf8");
    assert.match(notebook, /stopped on its card/);
    assert.doesNotMatch(notebook, /widget-view|<button/);
    assert.ok(Buffer.byteLength(notebook) < 20_000, `${Buffer.byteLength(notebook)} bytes`);
    assert.equal(ingress.tunnels().length, 0);
  } catch (error) {
    await page.screenshot({ path: join(screenshots, "failed-card.png"), fullPage: true });
    throw error;
  }
});
