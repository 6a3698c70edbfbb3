import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { Notebook } from "./notebook.ts";

test("Node's rare modules have their types from the cell on that imports one", async () => {
  using notebook = new Notebook();
  await notebook.run("const kept: Buffer = Buffer.from('x');");
  assert.deepEqual(
    notebook.problems('import { constants } from "node:http2"; const wrong: string = constants;')
      .length,
    1,
  );
  assert.equal(
    await notebook.run(
      'import * as v8 from "v8"; v8.getHeapStatistics().used_heap_size > kept.length',
    ),
    true,
  );
  assert.deepEqual(notebook.problems("v8.getHeapStatistics().nothing"), [
    "0:23-0:30 2339 Property 'nothing' does not exist on type 'HeapInfo'.",
  ]);
});

test("a rare module is known where a local file imports it or it is asked for by its name", async () => {
  await using folder = await temporaryFolder();
  writeFileSync(
    join(folder.path, "sizes.ts"),
    'import { getHeapStatistics } from "node:v8";\nexport const size = getHeapStatistics().malloced_memory;\n',
  );
  using notebook = new Notebook({ folder: folder.path });
  assert.deepEqual(notebook.problems('import { size } from "./sizes.ts"; size.trim()'), [
    "0:40-0:44 2339 Property 'trim' does not exist on type 'number'.",
  ]);
  assert.deepEqual(notebook.problems("process.getBuiltinModule('node:v8').nothing").length, 1);
});
