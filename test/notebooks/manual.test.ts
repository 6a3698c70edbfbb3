import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runNotebook } from "../../kernel/client/notebook-runner.ts";
import { textOf } from "../support/cell-outputs.ts";
import { repositoryRoot } from "../support/repository-root.ts";

const folder = join(repositoryRoot, "notebooks");
/** These need a port or a table, and have tests of their own. */
const tested = ["quickstart.ipynb", "music.ipynb"];
/** What a reader must have seen in the end. */
const expected: Readonly<Record<string, RegExp>> = {
  "your-own-app.ipynb": /There are 2 tracks\.[^]*Stopped tracks, /,
  "tour.ipynb": /21 °C[^]*track two[^]*'calm'/,
};

const others = readdirSync(folder).filter(
  (name) => name.endsWith(".ipynb") && !tested.includes(name),
);

test("every notebook of the manual is one that is tested", () => {
  assert.deepEqual(others.sort(), Object.keys(expected).sort());
});

for (const name of others) {
  test(`${name} runs from top to bottom`, async () => {
    const texts: string[] = [];
    const result = await runNotebook(join(folder, name), {
      environment: { ...process.env, COLABCODE_TUNNEL: "none" },
      onOutput: (output) => {
        texts.push(textOf([output]));
      },
    });
    const text = texts.join("");
    assert.equal(result.status, "ok", text);
    assert.match(text, expected[name] ?? /never/);
  });
}
