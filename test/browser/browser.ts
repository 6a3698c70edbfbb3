import { type Browser, chromium, type Page } from "playwright-core";

/** A Chromium that resolves no name, and a page that notes each request's address. */
export interface TestBrowser extends AsyncDisposable {
  readonly page: Page;
  readonly browser: Browser;
  /** Addresses asked for, `data:` left out. */
  readonly requested: URL[];
  /** What the page complained about: uncaught errors, refused by policy, failed loads. */
  readonly complaints: string[];
}

/** Debian's Chromium, which asks nothing of the outside by itself. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export async function openBrowser(): Promise<TestBrowser> {
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
  const requested: URL[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith("data:")) requested.push(new URL(request.url()));
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return {
    page,
    browser,
    requested,
    complaints,
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
