import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { jupyterLabService } from "../../magics/services/jupyterlab.ts";
import { freePort } from "../support/free-port.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { useTestEnvironment } from "../support/test-environment.ts";
import { launchChromium } from "./browser.ts";
import { runAllCells } from "./run-all-cells.ts";
import { saveNotebook } from "./save-notebook.ts";

/** Pictures for the README; COLABCODE_PICTURES=docs keeps them. */
const pictures = join(repositoryRoot, process.env["COLABCODE_PICTURES"] ?? "screenshots");

test("quickstart runs in JupyterLab, its card's link opens, and nothing is left", async () => {
  useTestEnvironment();
  mkdirSync(pictures, { recursive: true });
  const folder = mkdtempSync(join(repositoryRoot, "dist", "lab-"));
  const port = await freePort();
  const text = readFileSync(join(repositoryRoot, "notebooks", "quickstart.ipynb"), "utf8");
  writeFileSync(
    join(folder, "quickstart.ipynb"),
    text
      .replace("%colabcode app", `%colabcode app --port ${port}`)
      .replaceAll("8000", String(port)),
  );
  // The theme chosen here must not become the one of whoever runs the tests.
  for (const name of [
    "JUPYTER_CONFIG_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
  ]) {
    process.env[name] = join(folder, ".jupyter", name.toLowerCase());
  }
  const browser = await launchChromium();
  try {
    await using lab = await jupyterLabService({ folder }).start(0, {
      signal: new AbortController().signal,
      onProgress: () => {},
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(60_000);
    try {
      const token = lab.secret?.value ?? "";
      await page.goto(`${lab.url}/lab/tree/quickstart.ipynb?token=${token}`);
      await runAllCells(page);
      const card = page.locator(".colabcode-card").first();
      await card.getByText("live since").waitFor();
      await page.locator(".jp-OutputArea-output", { hasText: "float_type" }).waitFor();
      // JupyterLab may ask about its news at any moment.
      await page.addStyleTag({ content: ".Toastify { display: none }" });
      await card.scrollIntoViewIfNeeded();
      await card.screenshot({ path: join(pictures, "card.png") });
      await page.screenshot({ path: join(pictures, "notebook-light.png") });
      assert.equal(
        await card.locator("a").first().getAttribute("href"),
        `http://127.0.0.1:${port}/`,
      );
      await useDarkTheme(page);
      await card.scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(pictures, "notebook-dark.png") });

      await saveNotebook(page);
      const notebook = readFileSync(join(folder, "quickstart.ipynb"), "utf8");
      assert.match(notebook, /colabcode-card/);
      await tryInSwagger(browser, `http://127.0.0.1:${port}/docs`);
    } catch (error) {
      await page.screenshot({ path: join(pictures, "failed-notebook.png"), fullPage: true });
      throw error;
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
  await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`), "the lab's kernels end with it");
});

/** From the link to a 200 without typing anything. */
async function tryInSwagger(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1100 } });
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  const predict = page.locator(".opblock-post", { hasText: "/predict" }).first();
  await predict.locator(".opblock-summary").click();
  await predict.getByRole("button", { name: "Try it out" }).click();
  await predict.getByRole("button", { name: "Execute" }).click();
  const status = predict.locator(".live-responses-table .response-col_status").last();
  await status.getByText("200").waitFor();
  await predict.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(pictures, "swagger.png") });
  await page.close();
}

async function useDarkTheme(page: Page): Promise<void> {
  await page.getByRole("menuitem", { name: "Settings", exact: true }).click();
  await page.getByText("Theme", { exact: true }).hover();
  await page.getByText("JupyterLab Dark", { exact: true }).click();
  await page.locator("body[data-jp-theme-light=false]").waitFor({ state: "attached" });
}
