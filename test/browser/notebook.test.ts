import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { freePort } from "../support/free-port.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { launchChromium } from "./browser.ts";
import { runAllCells } from "./run-all-cells.ts";
import { saveNotebook } from "./save-notebook.ts";
import { startLab } from "./start-lab.ts";
import { takePicture } from "./take-picture.ts";
import { useDarkTheme } from "./use-dark-theme.ts";

/** Pictures for the README; COLABCODE_PICTURES=docs keeps them. */
const pictures = join(repositoryRoot, process.env["COLABCODE_PICTURES"] ?? "screenshots");

test("quickstart runs in JupyterLab, its card's link opens, and nothing is left", async () => {
  mkdirSync(pictures, { recursive: true });
  const port = await freePort();
  const browser = await launchChromium();
  try {
    await using lab = await startLab();
    const text = readFileSync(join(repositoryRoot, "notebooks", "quickstart.ipynb"), "utf8");
    const path = join(lab.folder, "quickstart.ipynb");
    writeFileSync(
      path,
      text
        .replace("%colabcode app", `%colabcode app --port ${port}`)
        .replaceAll("8000", String(port)),
    );
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(60_000);
    try {
      await page.goto(lab.address("lab/tree/quickstart.ipynb"));
      await runAllCells(page);
      const card = page.locator(".colabcode-card").first();
      await card.getByText("live since").waitFor();
      await page.locator(".jp-OutputArea-output", { hasText: "float_type" }).waitFor();
      // JupyterLab may ask about its news at any moment.
      await page.addStyleTag({ content: ".Toastify { display: none }" });
      await card.scrollIntoViewIfNeeded();
      await takePicture(card, join(pictures, "card.png"));
      await page.screenshot({ path: join(pictures, "notebook-light.png") });
      assert.equal(
        await card.locator("a").first().getAttribute("href"),
        `http://127.0.0.1:${port}/`,
      );
      await useDarkTheme(page);
      await card.scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(pictures, "notebook-dark.png") });

      await saveNotebook(page);
      const notebook = readFileSync(path, "utf8");
      assert.match(notebook, /colabcode-card/);
      await tryInSwagger(browser, `http://127.0.0.1:${port}/docs`);
    } catch (error) {
      await page.screenshot({ path: join(pictures, "failed-notebook.png"), fullPage: true });
      throw error;
    }
  } finally {
    await browser.close();
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
