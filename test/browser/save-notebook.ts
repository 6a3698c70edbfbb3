import type { Page } from "playwright-core";

/** Saves the notebook that is shown; resolves when the server has it. */
export async function saveNotebook(page: Page): Promise<void> {
  // Settings, such as the theme, are put as well.
  const saved = page.waitForResponse(
    (response) =>
      response.request().method() === "PUT" &&
      response.url().includes("/api/contents/") &&
      response.ok(),
  );
  await page.keyboard.press("Control+s");
  await saved;
}
