import type { Page } from "playwright-core";

/** Chooses JupyterLab's dark theme; resolves when the page wears it. */
export async function useDarkTheme(page: Page): Promise<void> {
  await page.getByRole("menuitem", { name: "Settings", exact: true }).click();
  await page.getByText("Theme", { exact: true }).hover();
  await page.getByText("JupyterLab Dark", { exact: true }).click();
  await page.locator("body[data-jp-theme-light=false]").waitFor({ state: "attached" });
}
