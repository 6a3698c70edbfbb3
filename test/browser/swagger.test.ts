import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { test } from "node:test";
import { createModelApp } from "../../magics/app/model-app.ts";
import type { RequestListener } from "../../magics/app/server.ts";
import { serve } from "../magics/app/serve.ts";
import { createModel, savedPenguins } from "../magics/app/small-model.ts";
import { openBrowser, type TestBrowser } from "./browser.ts";

/** "Try it out" and "Execute" with nothing typed; gives the status that Swagger UI shows. */
async function execute({ page }: TestBrowser, url: string): Promise<string> {
  await page.goto(url);
  await page.locator("#operations-prediction-predict .opblock-summary-control").click();
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.getByRole("button", { name: "Execute" }).click();
  const cell = page.locator(".live-responses-table .response-col_status").nth(1);
  return (await cell.innerText()).trim();
}

/** A proxy that serves `port` below `/prefix`, which it takes off. */
function proxy(port: number): RequestListener {
  return (request, response) => {
    const { method, headers, url = "" } = request;
    if (!url.startsWith("/prefix/")) {
      response.writeHead(404).end();
      return;
    }
    const path = url.slice("/prefix".length);
    const onward = httpRequest({ port, host: "127.0.0.1", method, headers, path }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    request.pipe(onward);
  };
}

test("Swagger UI executes the example with nothing typed and asks nobody outside", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()));
  using _ = metrics;
  await using server = await serve(app);
  await using prefixed = await serve(proxy(server.port));
  await using browser = await openBrowser();
  const pages = [
    `${server.url}/docs`,
    `${server.url}/docs/`,
    `${prefixed.url}/prefix/docs`,
    `${prefixed.url}/prefix/docs/`,
  ];
  for (const page of pages) assert.equal(await execute(browser, page), "200", page);
  const hosts = new Set(browser.requested.map((url) => url.hostname));
  assert.deepEqual([...hosts], ["127.0.0.1"]);
  assert.deepEqual(browser.complaints, []);
});

test("Swagger UI's Authorize button gives the API key to the requests", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()), { apiKey: "k-123" });
  using _ = metrics;
  await using server = await serve(app);
  await using browser = await openBrowser();
  const { page } = browser;
  assert.equal(await execute(browser, `${server.url}/docs`), "401");
  await page.locator(".auth-wrapper button.authorize").click();
  await page.locator(".auth-container input").fill("k-123");
  await page.locator(".auth-btn-wrapper button.authorize").click();
  await page.locator(".auth-btn-wrapper button.btn-done").click();
  await page.getByRole("button", { name: "Execute" }).click();
  await page.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();
});
