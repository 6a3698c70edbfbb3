import type { Locator } from "playwright-core";

/** Takes a picture of an element that may be put anew, as a live card is, while it is taken. */
export async function takePicture(element: Locator, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await element.screenshot({ path, timeout: 10_000 });
      return;
    } catch (error) {
      if (attempt === 6) throw error;
    }
  }
}
