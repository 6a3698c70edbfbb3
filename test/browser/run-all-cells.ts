import type { Page } from "playwright-core";
import { waitUntil } from "../support/wait-until.ts";

/** Runs the notebook that is shown; asks again where the page was not ready and took no notice. */
export async function runAllCells(page: Page): Promise<void> {
  // The list of running kernels has the name too, in a panel that is not shown.
  await page.getByText("TypeScript (ColabCode)").locator("visible=true").first().waitFor();
  const prompt = page.locator(".jp-CodeCell .jp-InputPrompt").locator("visible=true").first();
  await waitUntil("a cell that runs", () => tryOnce(page, prompt), 60_000);
}

async function tryOnce(page: Page, prompt: ReturnType<Page["locator"]>): Promise<boolean> {
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByText("Run All Cells", { exact: true }).click();
  const runs = async () => /\[[*\d]/.test((await prompt.textContent()) ?? "");
  return await waitUntil("its prompt", runs, 5_000).catch(() => false);
}
