import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { writeMusicTable } from "../support/music-table.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { launchChromium } from "./browser.ts";
import { runAllCells } from "./run-all-cells.ts";
import { startLab } from "./start-lab.ts";
import { takePicture } from "./take-picture.ts";
import { useDarkTheme } from "./use-dark-theme.ts";

/** Pictures for people to look at; COLABCODE_PICTURES=docs keeps them. */
const pictures = join(repositoryRoot, process.env["COLABCODE_PICTURES"] ?? "screenshots");
/** Another table with the same columns, to look at by hand. */
const table = process.env["COLABCODE_MUSIC"];

test("a model's picture fits into JupyterLab, in light and dark, wide and on a phone", async () => {
  mkdirSync(pictures, { recursive: true });
  const browser = await launchChromium();
  try {
    await using lab = await startLab();
    if (table === undefined) await writeMusicTable(join(lab.folder, "tracks.csv"), 4000);
    const train = `%colabcode train "${table ?? "tracks.csv"}" --target genre_top`;
    lab.writeNotebook("model.ipynb", [train]);
    const page = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
    page.setDefaultTimeout(60_000);
    await page.goto(lab.address("lab/tree/model.ipynb"));
    await runAllCells(page);
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

    await useDarkTheme(page);
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
  await takePicture(model, join(pictures, `model-${name}.png`));
}
