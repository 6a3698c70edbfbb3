import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser } from "./browser.ts";
import { runAllCells } from "./run-all-cells.ts";
import { saveNotebook } from "./save-notebook.ts";
import { startLab } from "./start-lab.ts";

const cells = [
  `const esm = \`export default { render({ model, el }) {
  const slider = document.createElement("input");
  slider.type = "range"; slider.className = "test-slider"; slider.value = model.get("level");
  slider.addEventListener("input", () => { model.set("level", Number(slider.value)); model.save_changes(); });
  model.on("change:level", () => { slider.value = model.get("level"); });
  const button = document.createElement("button");
  button.className = "test-button"; button.textContent = "Press";
  button.addEventListener("click", () => model.send({ pressed: true }, undefined, [new Uint8Array([7, 8, 9])]));
  const bytes = document.createElement("output");
  bytes.className = "test-bytes";
  const show = () => { bytes.textContent = Array.from(new Uint8Array(model.get("bytes").buffer)).join(","); };
  model.on("change:bytes", show); show();
  model.on("msg:custom", (message) => { button.textContent = message.text; });
  el.append(slider, button, bytes);
} };\`;
const widget = display.widget({ esm, state: { level: 20, bytes: new Uint8Array([1, 2, 3]) } });
widget.on("change:level", (level) => console.log("level", level.toFixed(1)));
widget.on("msg:custom", (message, [bytes]) => {
  console.log("pressed", message.pressed, [...(bytes ?? [])]);
  widget.send({ text: "Thanks" });
  widget.set("bytes", new Uint8Array([4, 5]));
});
widget`,
  `widget.set("level", 60); [widget.get("level"), "set"]`,
];

test("a widget of a cell works in JupyterLab, with bytes, and is there again on a page loaded anew", async () => {
  await using lab = await startLab();
  lab.writeNotebook("widgets.ipynb", cells);
  await using browser = await openBrowser();
  const { page } = browser;
  page.setDefaultTimeout(60_000);
  await page.goto(lab.address("lab/tree/widgets.ipynb"));
  await runAllCells(page);
  await page.getByText("[ 60, 'set' ]").waitFor();
  assert.equal(await page.locator(".test-slider").count(), 1);
  const slider = page.locator(".test-slider");
  assert.equal(await slider.inputValue(), "60");
  assert.equal(await page.locator(".test-bytes").textContent(), "1,2,3");
  const output = page.locator(".jp-OutputArea-output", { hasText: "level" });
  await slider.fill("75");
  await output.getByText("level 75.0").waitFor();
  await page.locator(".test-button").click();
  await output.getByText("pressed true [ 7, 8, 9 ]").waitFor();
  await page.locator(".test-button", { hasText: "Thanks" }).waitFor();
  await page.locator(".test-bytes", { hasText: "4,5" }).waitFor();

  await saveNotebook(page);
  await page.reload();
  await page.locator(".test-button", { hasText: "Press" }).waitFor();
  assert.equal(await slider.inputValue(), "75");
  assert.equal(await page.locator(".test-bytes").textContent(), "4,5");
  await page.locator(".test-button").click();
  await page.locator(".test-button", { hasText: "Thanks" }).waitFor();
});
