import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { KernelClient } from "../../../kernel/client/kernel-client.ts";
import { fail, run } from "../../support/cell-outputs.ts";
import { repositoryRoot } from "../../support/repository-root.ts";
import { startKernel } from "../../support/start-kernel.ts";
import { waitUntil } from "../../support/wait-until.ts";

const penguins = "%colabcode train npm:vega-datasets/data/penguins.json --target";
let kernel: KernelClient;

before(async () => {
  kernel = await startKernel({ folder: join(repositoryRoot, "notebooks") });
});
after(() => kernel[Symbol.asyncDispose]());

test("train defines a model whose missing and misspelt columns are one sentence", async () => {
  await run(kernel, `${penguins} Species --max-depth 2`);
  assert.match(await run(kernel, "model.predict(model.schema.example)"), /'Adelie'/);
  assert.match(await run(kernel, "model.predict([model.schema.example])"), /\[ 'Adelie' \]/);
  const missing = await fail(kernel, 'model.predict({ Island: "Biscoe" })');
  assert.equal(
    missing.reply.evalue,
    `TS2739: Type '{ Island: "Biscoe"; }' is missing the following properties from type 'Row': "Beak Length (mm)", "Beak Depth (mm)", "Flipper Length (mm)", "Body Mass (g)", Sex`,
  );
  const misspelt = await fail(kernel, "model.predict({ ...model.schema.example, Iland: 1 })");
  assert.equal(
    misspelt.reply.evalue,
    "TS2561: Object literal may only specify known properties, but 'Iland' does not exist in type 'Row'. Did you mean to write 'Island'?",
  );
  assert.match(misspelt.text, /column 42/);
  await run(
    kernel,
    `const row: model.Row = model.schema.example;
const rows: readonly model.Row[] = [row, row];
const one: string = model.predict(row);
const two: string[] = model.predict(rows);
const three: string[] = model.predict([row, { ...row, Island: "Dream" }, row]);`,
  );
  assert.match(
    String((await fail(kernel, "const text: string = model.predict([row])")).reply.evalue),
    /^TS2322: /,
  );
  assert.match(
    String((await fail(kernel, "model.predict([{ ...row, Island: 1 }])")).reply.evalue),
    /^TS2322: Type 'number' is not assignable/,
  );
});

test("train grows forests, chooses the depth, and learns numbers where it is told", async () => {
  const forest = await run(kernel, `${penguins} Species --trees 20 --as forest`);
  assert.match(forest, /by 20 trees/);
  await run(kernel, `${penguins} Species --max-depth auto --as chosen`);
  assert.match(await run(kernel, "chosen.notes.join()"), /cross-validation chose --max-depth \d/);
  await run(kernel, `${penguins} "Flipper Length (mm)" --task regression --as numbers`);
  assert.match(await run(kernel, "numbers.schema.task"), /'regression'/);
  const wrong = await fail(kernel, `${penguins} Species --max-depth deep`);
  assert.match(String(wrong.reply.evalue), /--max-depth .*a whole number from 1, or auto/);
});

test("train keeps the former model when it fails or is interrupted", async () => {
  await run(kernel, `${penguins} Species --max-depth 2`);
  const wrong = await fail(kernel, `${penguins} Speces`);
  assert.equal(wrong.reply.evalue, 'penguins.json has no column "Speces".');
  await run(
    kernel,
    "const many = Array.from({ length: 100_000 }, (_, id) => ({ a: Math.sin(id), b: Math.cos(id * id), c: id % 97, y: id % 7 < 3 }));",
  );
  let shown = "";
  const training = kernel.execute("%colabcode train many --target y --trees 1000", {
    onOutput: (output: unknown) => {
      shown += JSON.stringify(output);
    },
  });
  await waitUntil("the forest to grow", () => shown.includes("growing 1000 trees"), 30_000);
  const startedAt = performance.now();
  await kernel.interrupt();
  const { reply } = await training;
  assert.equal(reply.status, "error");
  assert.ok(performance.now() - startedAt < 1_000);
  assert.match(await run(kernel, "model.predict(model.schema.example)"), /'Adelie'/);
});
