import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { type Ingress, startIngress } from "../support/ngrok-ingress.ts";
import { isPortFree } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { waitUntil } from "../support/wait-until.ts";
import { openBrowser } from "./browser.ts";
import { runAllCells } from "./run-all-cells.ts";
import { saveNotebook } from "./save-notebook.ts";
import { type Lab, startLab } from "./start-lab.ts";
import { takePicture } from "./take-picture.ts";
import { useDarkTheme } from "./use-dark-theme.ts";

const screenshots = join(repositoryRoot, "screenshots");
const app = `import { readFileSync } from "node:fs";
Object.assign(process.env, JSON.parse(readFileSync("ingress.json", "utf8")));
const app = (request, response) => {
  console.log(request.url);
  response.statusCode = request.url === "/broken" ? 500 : 200;
  response.end("hello");
};
%colabcode app --port 0`;

let ingress: Ingress;
let lab: Lab;

before(async () => {
  mkdirSync(screenshots, { recursive: true });
  ingress = await startIngress();
  lab = await startLab();
  // A notebook server is not given the token, so that the notebook reads it itself.
  writeFileSync(join(lab.folder, "ingress.json"), JSON.stringify(ingress.environment));
});

after(async () => {
  await lab[Symbol.asyncDispose]();
  await ingress[Symbol.asyncDispose]();
});

async function localPort(card: Locator): Promise<number> {
  const href = await card.locator("a[href*='127.0.0.1']").nth(1).getAttribute("href");
  return Number(new URL(href ?? "").port);
}

/** Runs `look`; a picture of the page is kept where it fails. */
async function withPage(name: string, look: (page: Page) => Promise<void>): Promise<void> {
  await using browser = await openBrowser();
  const { page } = browser;
  page.setDefaultTimeout(60_000);
  try {
    await look(page);
  } catch (error) {
    await page.screenshot({ path: join(screenshots, `failed-${name}.png`), fullPage: true });
    throw error;
  }
}

test("a card in JupyterLab counts, restarts and stops its session by its buttons", async () => {
  const path = lab.writeNotebook("card.ipynb", [app]);
  await withPage("card", async (page) => {
    await page.goto(lab.address("lab/workspaces/card/tree/card.ipynb"));
    await runAllCells(page);
    const card = page.locator(".colabcode-card:visible").first();
    await card.getByText("live since").waitFor();
    const port = await localPort(card);
    await card.getByRole("button", { name: "Restart session" }).waitFor();
    for (const page of ["/", "/songs", "/broken"]) await fetch(`http://127.0.0.1:${port}${page}`);
    await card.getByText("1 error").waitFor();
    await takePicture(card, join(screenshots, "card-live.png"));
    await card.getByText("QR code").click();
    await card.getByText("last requests").click();
    await takePicture(card, join(screenshots, "card-open.png"));

    const before = await card.locator(".title").textContent();
    await card.getByRole("button", { name: "Restart session" }).click();
    await card.getByText("none so far").waitFor();
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
    assert.equal(await card.locator(".title").textContent(), before);

    await card.getByRole("button", { name: "Stop session" }).click();
    await card.getByText("stopped on its card").waitFor();
    await waitUntil("a free port", () => isPortFree(port));
    assert.equal(await card.getByRole("button").count(), 0);
    await takePicture(card, join(screenshots, "card-ended.png"));
    await saveNotebook(page);
    const notebook = readFileSync(path, "utf8");
    assert.match(notebook, /stopped on its card/);
    assert.doesNotMatch(notebook, /widget-view|<button/);
    assert.ok(Buffer.byteLength(notebook) < 20_000, `${Buffer.byteLength(notebook)} bytes`);
    assert.equal(ingress.tunnels().length, 0);
  });
});

test("a card on an open page says that it ended when its kernel is killed", async () => {
  const tell = `import { writeFileSync } from "node:fs";\nwriteFileSync("kernel.pid", String(process.ppid));\n`;
  lab.writeNotebook("killed.ipynb", [tell + app]);
  await withPage("killed", async (page) => {
    await page.goto(lab.address("lab/workspaces/killed/tree/killed.ipynb"));
    await runAllCells(page);
    const card = page.locator(".colabcode-card:visible").first();
    await card.getByRole("button", { name: "Stop session" }).waitFor();
    const port = await localPort(card);
    process.kill(Number(readFileSync(join(lab.folder, "kernel.pid"), "utf8")), "SIGKILL");
    await waitUntil("a free port", () => isPortFree(port), 3_000);
    await card.getByText("ended with its kernel").waitFor();
    assert.equal(await card.locator("a").count(), 0);
    assert.equal(await card.getByRole("button").count(), 0);
    await waitUntil("the tunnel's end", () => ingress.tunnels().length === 0, 3_000);
  });
});

test("a card that was saved alive is shown as ended when its kernel is gone", async () => {
  const tell = `import { writeFileSync } from "node:fs";\nwriteFileSync("kernel.pid", String(process.ppid));\n`;
  const path = lab.writeNotebook("reopened.ipynb", [tell + app]);
  await withPage("reopened", async (page) => {
    const url = lab.address("lab/workspaces/reopened/tree/reopened.ipynb");
    await page.goto(url);
    await runAllCells(page);
    const card = page.locator(".colabcode-card:visible").first();
    await card.getByRole("button", { name: "Stop session" }).waitFor();
    await page.locator(".colabcode-card[data-paint]:visible", { hasText: "live since" }).waitFor();
    const port = await localPort(card);
    await saveNotebook(page);
    const saved = readFileSync(path, "utf8");
    assert.match(saved, /ended: its kernel is gone; last seen live at/);
    assert.doesNotMatch(saved, /live since|http:\/\/127|<button/);

    await page.goto("about:blank");
    process.kill(Number(readFileSync(join(lab.folder, "kernel.pid"), "utf8")), "SIGKILL");
    await waitUntil("a free port", () => isPortFree(port), 3_000);
    await page.goto(url);
    await card.getByText("ended: its kernel is gone").waitFor();
    assert.equal(await card.getByRole("button").count(), 0);
    assert.equal(await card.locator("a").count(), 0);
    await takePicture(card, join(screenshots, "card-reopened.png"));
  });
});

test("a card keeps its buttons when the page is loaded anew, dark, narrow and unfolded", async () => {
  lab.writeNotebook("again.ipynb", [app]);
  await withPage("again", async (page) => {
    await page.goto(lab.address("lab/workspaces/again/tree/again.ipynb"));
    await runAllCells(page);
    const card = page.locator(".colabcode-card:visible").first();
    await card.getByRole("button", { name: "Stop session" }).waitFor();
    const port = await localPort(card);
    await card.getByText("QR code").click();
    await fetch(`http://127.0.0.1:${port}/`);
    await card.getByText("1, no errors").waitFor();
    assert.equal(await card.locator("details[open]").count(), 1, "a repaint leaves it unfolded");
    await saveNotebook(page);

    await page.reload();
    await card.getByRole("button", { name: "Stop session" }).waitFor();
    await page.emulateMedia({ colorScheme: "dark" });
    await useDarkTheme(page);
    await takePicture(card, join(screenshots, "card-dark.png"));
    await card.evaluate((element) => {
      element.style.width = "320px";
    });
    await takePicture(card, join(screenshots, "card-narrow.png"));
    assert.equal(await card.evaluate((element) => element.scrollWidth <= 320), true);
    await card.getByRole("button", { name: "Stop session" }).click();
    await card.getByText("stopped on its card").waitFor();
    assert.equal(await isPortFree(port), true);
  });
});

test("a card in Notebook has the buttons, and a script's click on them does nothing", async () => {
  lab.writeNotebook("seven.ipynb", [app]);
  await withPage("seven", async (page) => {
    await page.goto(lab.address("notebooks/seven.ipynb"));
    await runAllCells(page);
    const card = page.locator(".colabcode-card:visible").first();
    const stop = card.getByRole("button", { name: "Stop session" });
    await stop.waitFor();
    const port = await localPort(card);
    await stop.evaluate((button) => button.dispatchEvent(new Event("click")));
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
    assert.equal(await stop.isEnabled(), true);
    await stop.click();
    await card.getByText("stopped on its card").waitFor();
    assert.equal(await isPortFree(port), true);
  });
});
