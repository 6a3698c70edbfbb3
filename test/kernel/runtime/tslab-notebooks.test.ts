import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KernelClient } from "../../../kernel/client/kernel-client.ts";
import { run } from "../../support/cell-outputs.ts";
import { startKernel } from "../../support/start-kernel.ts";

let kernel: KernelClient;
before(async () => {
  kernel = await startKernel();
});
after(() => kernel.shutdown());

test("tslab.display shows what it showed in tslab", async () => {
  const { outputs } = await kernel.execute(`
import * as tslab from "tslab";
tslab.display.html("<i>x</i>");
tslab.display.markdown("*x*");
tslab.display.svg("<svg/>");
tslab.display.javascript("1");
tslab.display.text("plain");
tslab.display.png(new Uint8Array([1, 2, 3]));
tslab.display.raw("text/x-other", "raw");
const place = tslab.newDisplay();
place.html("<b>one</b>");
place.html("<b>two</b>");`);
  assert.deepEqual(
    outputs.map((output) => output.output_type === "display_data" && output.data),
    [
      { "text/html": "<i>x</i>" },
      { "text/markdown": "*x*" },
      { "image/svg+xml": "<svg/>" },
      { "text/javascript": "1" },
      { "text/plain": "plain" },
      { "image/png": "AQID" },
      { "text/x-other": "raw" },
      { "text/html": "<b>two</b>" },
    ],
  );
});

test("@module cells are imported by others, JSX ones too, and again when they change", async () => {
  await run(kernel, "/** @module greeting */\nexport const word: string = 'hello';");
  assert.equal(await run(kernel, 'import { word } from "./greeting"; word'), "'hello'\n");
  await run(kernel, "/** @module greeting */\nexport const word = 5;");
  assert.equal(await run(kernel, 'import { word } from "./greeting"; word.toFixed(1)'), "'5.0'\n");
  await run(
    kernel,
    `/**
 * @module elements
 * @jsx
 */
const React = { createElement: (...parts: unknown[]) => parts };
declare global { namespace JSX { interface IntrinsicElements { div: { id: string } } } }
export const element = <div id="x">text</div>;`,
  );
  assert.equal(
    await run(kernel, 'import { element } from "./elements"; element'),
    "[ 'div', { id: 'x' }, 'text' ]\n",
  );
});

test("@browser cells are left out with a note", async () => {
  assert.equal(
    await run(kernel, "/** @browser */\ndocument.body.textContent = 'x';"),
    "This cell is marked @browser. Cells run in Node.js here, so it was left out.\n",
  );
});

test("%%js takes untyped JavaScript, whose variables later cells see", async () => {
  await run(kernel, "%%js\nconst loose = { a: 1 };\nlet sum = loose.a + loose.missing?.b;");
  assert.equal(await run(kernel, "[loose.a, Number.isNaN(sum)]"), "[ 1, true ]\n");
});
