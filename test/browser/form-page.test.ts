import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { createModelApp } from "../../magics/app/model-app.ts";
import { serve } from "../magics/app/serve.ts";
import { createModel, savedPenguins } from "../magics/app/small-model.ts";
import { openBrowser } from "./browser.ts";

const run = promisify(execFile);

test("the form page changes its answer as a slider moves, and shows shares and path", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()));
  using _ = metrics;
  await using server = await serve(app);
  await using browser = await openBrowser();
  const { page } = browser;
  await page.goto(`${server.url}/`);
  const prediction = page.locator("#prediction");
  await prediction.getByText("Chinstrap").waitFor();
  assert.equal(await page.locator("#certainty").innerText(), "90.0 % certain");
  assert.deepEqual(await page.locator("#path li").allInnerTexts(), [
    "flipper < 206.5",
    "bill ≥ 43.2",
    "Chinstrap",
  ]);
  const slider = page.getByRole("slider", { name: "flipper" });
  await slider.focus();
  for (let press = 0; press < 10; press++) await page.keyboard.press("ArrowRight");
  await prediction.getByText("Gentoo").waitFor();
  assert.equal(await page.getByRole("spinbutton", { name: "flipper" }).inputValue(), "207");
  assert.deepEqual(await page.locator("#shares li").allInnerTexts(), [
    "Adelie\n0.0 %",
    "Chinstrap\n5.0 %",
    "Gentoo\n95.0 %",
  ]);
  assert.deepEqual(browser.complaints, []);
  assert.deepEqual(
    [...new Set(browser.requested.map((url) => url.host))],
    [`127.0.0.1:${server.port}`],
  );
});

test("the form page shows long numbers in a few digits, whole in their boxes", async () => {
  const saved = savedPenguins();
  const features = saved.schema.features.map((feature) =>
    feature.name === "bill" ? { ...feature, median: 0.5191782, fallback: 0.5191782 } : feature,
  );
  const example = { ...saved.schema.example, bill: 123456.789012 };
  const schema = { ...saved.schema, features, example };
  const model = createModelApp(createModel({ ...saved, schema }));
  using _ = model;
  await using server = await serve(model.app);
  await using browser = await openBrowser();
  const { page } = browser;
  await page.goto(`${server.url}/`);
  const box = page.getByRole("spinbutton", { name: "bill" });
  assert.equal(await box.inputValue(), "0.5192");
  await page.getByRole("button", { name: "A real row" }).click();
  assert.equal(await box.inputValue(), "123457");
  await page.getByRole("button", { name: "Medians" }).click();
  assert.equal(await box.inputValue(), "0.5192");
  const isCut = await box.evaluate((input) => input.scrollWidth > input.clientWidth);
  assert.equal(isCut, false);
});

test("the form page shows the API's own error at its field", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()));
  using _ = metrics;
  await using server = await serve(app);
  await using browser = await openBrowser();
  const { page } = browser;
  await page.goto(`${server.url}/`);
  await page.getByRole("spinbutton", { name: "flipper" }).fill("");
  const error = page.locator('[data-name="flipper"] .error');
  await error.getByText("Input should be a valid number").waitFor();
  await page.getByRole("spinbutton", { name: "flipper" }).fill("181");
  await error.waitFor({ state: "hidden" });
  // An unknown bill counts as its fallback, 44.45.
  await page.getByRole("checkbox", { name: "unknown" }).check();
  await page.locator("#prediction").getByText("Chinstrap").waitFor();
});

test("the form page's programs work as they are printed", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()));
  using _ = metrics;
  await using server = await serve(app);
  await using browser = await openBrowser();
  const { page } = browser;
  await page.goto(`${server.url}/`);
  await page.getByRole("button", { name: "A real row" }).click();
  await page.locator("#prediction").getByText("Adelie").waitFor();
  const read = async (tab: string) => {
    await page.getByRole("tab", { name: tab }).click();
    return page.locator("#program").innerText();
  };
  const expected = { prediction: "Adelie", probability: 0.97 };
  const curl = await run("bash", ["-c", await read("curl")]);
  assert.deepEqual(JSON.parse(curl.stdout), expected);
  const fetched = await run(process.execPath, ["--input-type=module", "-e", await read("fetch")]);
  assert.equal(fetched.stdout.trim(), "{ prediction: 'Adelie', probability: 0.97 }");
  const python = await run("python3", ["-c", await read("Python")]);
  assert.equal(python.stdout.trim(), "{'prediction': 'Adelie', 'probability': 0.97}");
});
