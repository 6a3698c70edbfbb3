import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { jupyterLabService } from "../../magics/services/jupyterlab.ts";
import { writeMusicTable } from "../support/music-table.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { useTestEnvironment } from "../support/test-environment.ts";
import { launchChromium } from "./browser.ts";

/** Pictures for people to look at; COLABCODE_PICTURES=docs keeps them. */
const pictures = join(repositoryRoot, process.env["COLABCODE_PICTURES"] ?? "screenshots");
/** Another table with the same columns, to look at by hand. */
const table = process.env["COLABCODE_MUSIC"];

test("a model's picture fits into JupyterLab, in light and dark, wide and on a phone", async () => {
  useTestEnvironment();
  mkdirSync(pictures, { recursive: true });
  const folder = mkdtempSync(join(repositoryRoot, "dist", "lab-"));
  if (table === undefined) await writeMusicTable(join(folder, "tracks.csv"), 4000);
  const train = `%colabcode train "${table ?? "tracks.csv"}" --target genre_top`;
  const notebook = {
    cells: [{ cell_type: "code", source: train, metadata: {}, outputs: [], execution_count: null }],
    metadata: { kernelspec: { name: "colabcode", display_name: "TypeScript (ColabCode)" } },
    nbformat: 4,
    nbformat_minor: 4,
  };
  writeFileSync(join(folder, "model.ipynb"), JSON.stringify(notebook));
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
    const page = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
    page.setDefaultTimeout(60_000);
    await page.goto(`${lab.url}/lab/tree/model.ipynb?token=${lab.secret?.value ?? ""}`);
    await page.getByText("TypeScript (ColabCode)").first().waitFor();
    await page.getByRole("menuitem", { name: "Run", exact: true }).click();
    await page.getByText("Run All Cells", { exact: true }).click();
    const tree = page.locator(".colabcode-model .tree").first();
    await tree.waitFor().catch(async (error: unknown) => {
      await page.screenshot({ path: join(pictures, "failed-model.png") });
      throw error;
    });
    await page.addStyleTag({ content: ".Toastify { display: none }" });
    await shoot(page, "light");
    const wide = await sizeOf(page);
    assert.ok(wide.tree.height <= 900, `the tree is ${wide.tree.height} px high`);
    assert.ok(wide.whole.width <= wide.room, `${wide.whole.width} in ${wide.room} px`);

    await page.getByRole("menuitem", { name: "Settings", exact: true }).click();
    await page.getByText("Theme", { exact: true }).hover();
    await page.getByText("JupyterLab Dark", { exact: true }).click();
    await page.locator("body[data-jp-theme-light=false]").waitFor({ state: "attached" });
    await shoot(page, "dark");

    await page.keyboard.press("Control+b"); // The side bar would leave nothing of so narrow a page.
    await page.locator("#jp-left-stack").waitFor({ state: "hidden" });
    await page.setViewportSize({ width: 390, height: 2000 });
    await page.waitForFunction("document.body.clientWidth <= 390");
    await shoot(page, "phone");
    const narrow = await sizeOf(page);
    assert.ok(narrow.whole.width <= narrow.room, `${narrow.whole.width} in ${narrow.room} px`);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

interface Size {
  readonly width: number;
  readonly height: number;
}

async function sizeOf(page: Page): Promise<{ tree: Size; whole: Size; room: number }> {
  return page
    .locator(".colabcode-model")
    .first()
    .evaluate((model) => {
      const tree = model.querySelector(".tree") ?? model;
      const { width, height } = tree.getBoundingClientRect();
      return {
        tree: { width, height },
        whole: { width: model.scrollWidth, height: model.scrollHeight },
        room: model.parentElement?.clientWidth ?? 0,
      };
    });
}

/** The whole output, without the front end's own scrolling. */
async function shoot(page: Page, name: string): Promise<void> {
  const model = page.locator(".colabcode-model").first();
  await model.scrollIntoViewIfNeeded();
  await model.screenshot({ path: join(pictures, `model-${name}.png`) });
}
