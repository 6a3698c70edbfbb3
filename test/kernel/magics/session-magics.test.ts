import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fail, run } from "../../support/cell-outputs.ts";
import { startKernel } from "../../support/start-kernel.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("%history shows the session, runtimes that died and cells that failed included", async () => {
  await using folder = await temporaryFolder();
  const environment = { COLABCODE_HISTORY: join(folder.path, "history") };
  {
    await using earlier = await startKernel({ environment });
    await run(earlier, "const earlier = 1;");
  }
  await using kernel = await startKernel({ environment });
  await fail(kernel, "nowhere");
  await fail(kernel, "process.exit(3)");
  assert.equal(
    await run(kernel, "%history"),
    "In[1]:\nnowhere\n\nIn[2]:\nprocess.exit(3)\n\nIn[3]:\n%history\n",
  );
  assert.equal(
    await run(kernel, "%history -n 2 -g exit"),
    "In[2]:\nprocess.exit(3)\n\nIn[4]:\n%history -n 2 -g exit\n",
  );
  assert.equal(
    await run(kernel, "%history --all -g earlier"),
    "In[1/1]:\nconst earlier = 1;\n\nIn[2/5]:\n%history --all -g earlier\n",
  );
});

test("%reset forgets variables and their types, %run makes those of a notebook", async () => {
  await using folder = await temporaryFolder();
  const cells = ["const fromNotebook: number = 41;\nconsole.log('ran');", "%time fromNotebook + 1"];
  await writeFile(
    join(folder.path, "other.ipynb"),
    JSON.stringify({
      cells: [
        { cell_type: "markdown", source: "# Title" },
        ...cells.map((source) => ({ cell_type: "code", source: source.split(/(?<=\n)/) })),
      ],
    }),
  );
  await using kernel = await startKernel({ folder: folder.path });
  await run(kernel, "let name = 'text'; interface Point { x: number }");
  assert.equal(await run(kernel, "%reset"), "1 variable forgotten.\n");
  assert.match((await fail(kernel, "name.length")).text, /TS2304|TS2339|TS2552/);
  await run(kernel, "let name = 5;");
  assert.equal(await run(kernel, "name.toFixed(1)"), "'5.0'\n");
  assert.match(await run(kernel, "%run other.ipynb"), /^ran\nTime .*\n42\n$/);
  assert.equal(await run(kernel, "fromNotebook + name"), "46\n");
  await writeFile(join(folder.path, "broken.ts"), "const fine = 1;\nconst bad: number = 'text';");
  assert.match((await fail(kernel, "%run broken.ts")).text, /broken\.ts:2:7 .*not assignable/);
});

test("%npm installs a package that the next cell imports with its types", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "tiny"));
  await writeFile(join(folder.path, "package.json"), "{}");
  await writeFile(
    join(folder.path, "tiny", "package.json"),
    `{"name":"tiny","version":"1.0.0","main":"index.js","types":"index.d.ts"}`,
  );
  await writeFile(join(folder.path, "tiny", "index.js"), "exports.double = (x) => x * 2;");
  await writeFile(
    join(folder.path, "tiny", "index.d.ts"),
    "export function double(x: number): number;",
  );
  await using kernel = await startKernel({ folder: folder.path });
  const use = 'import { double } from "tiny"; double(21)';
  assert.match((await fail(kernel, use)).text, /TS2307/);
  assert.match(await run(kernel, "%npm install --offline ./tiny"), /added 1 package/);
  assert.equal(await run(kernel, use), "42\n");
  assert.match((await fail(kernel, 'double("text")')).text, /TS2345/);
});
