import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startNotebook, type TestNotebook } from "../runtime/test-notebook.ts";

function call(name: string, line = ""): string {
  return `exports.value = await __magic__(${JSON.stringify(name)}, ${JSON.stringify(line)})`;
}

function cellOf(name: string, line: string, body: string) {
  return { cellMagic: { name, line, body }, source: `%%${name} ${line}\n${body}` };
}

async function printed(notebook: TestNotebook, output: string): Promise<string> {
  notebook.events.length = 0;
  await notebook.value(output);
  return notebook.text("stdout");
}

test("line magics do what they say", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "setup.ts"), "export const made: number = 41;");
  await using notebook = await startNotebook({ folder: folder.path });
  await notebook.run("exports.rows = [1, 2, 3]");
  assert.match(
    await printed(notebook, call("lsmagic")),
    /^%%writefile {2}Writes the cell into a file\.$/m,
  );
  assert.match(await printed(notebook, call("time", "rows.length")), /^Time .*, CPU .*\n$/);
  assert.equal(await notebook.value(call("time", "rows.length")), "3");
  assert.match(
    await printed(notebook, call("timeit", "-n 3 -r 2 rows.map((x) => x * 2)")),
    / per run, .* at best \(2 rounds of 3\)\n$/,
  );
  assert.equal(await printed(notebook, call("env", "A_TOKEN=hush")), "A_TOKEN=••••••\n");
  assert.equal(await notebook.value("exports.value = process.env.A_TOKEN"), "'hush'");
  assert.equal(await printed(notebook, call("who")), "rows  [ 1, 2, 3 ]\n");
  const outcome = await notebook.run(call("run", "setup.ts"));
  assert.deepEqual(outcome.variables, [{ name: "made", type: "any" }]);
  assert.equal(await notebook.value("exports.value = exports.made"), "41");
  const reset = await notebook.run(call("reset"));
  assert.equal(reset.isReset, true);
  assert.equal(await printed(notebook, call("who")), "There are no variables yet.\n");
});

test("%cd moves the folder, and says where there is none", async () => {
  await using folder = await temporaryFolder();
  await using notebook = await startNotebook({ folder: folder.path });
  await notebook.run(call("cd", "/"));
  assert.equal(await notebook.value(call("pwd")), "'/'");
  assert.ok(notebook.events.some((event) => event.type === "folder" && event.folder === "/"));
  await notebook.run(call("cd", "-"));
  assert.equal(await notebook.value(call("pwd")), `'${folder.path}'`);
  assert.match(
    (await notebook.error(call("cd", "missing"))).evalue,
    /^There is no folder .*missing\.$/,
  );
});

test("cell magics take the cell", async () => {
  await using folder = await temporaryFolder();
  await using notebook = await startNotebook({ folder: folder.path });
  await notebook.run("", cellOf("bash", "", "echo one; echo two >&2"));
  assert.deepEqual([notebook.text("stdout"), notebook.text("stderr")], ["one\n", "two\n"]);
  assert.equal(
    (await notebook.error("", cellOf("bash", "", "exit 4"))).evalue,
    "The command ended with exit code 4.",
  );
  await notebook.run("", cellOf("writefile", "notes.txt", "first"));
  await notebook.run("", cellOf("writefile", "-a notes.txt", "second"));
  assert.equal(await readFile(join(folder.path, "notes.txt"), "utf8"), "first\nsecond\n");
  await notebook.run("", cellOf("html", "", "<b>bold</b>"));
  const shown = notebook.events.find((event) => event.type === "display");
  assert.equal(shown?.type === "display" && shown.data["text/html"], "<b>bold</b>");
  assert.equal(await notebook.value("exports.value = 6 * 7", cellOf("time", "", "6 * 7")), "42");
  await notebook.run("", cellOf("js", "", "const a = 5;\nlet b = a + 1;"));
  assert.equal(await notebook.value("exports.value = exports.b"), "6");
});

test("what is unknown is named with the nearest, at its place in the cell", async () => {
  await using notebook = await startNotebook();
  const magic = await notebook.error(call("tme", "x"), { source: "%tme x" });
  assert.equal(magic.evalue, "There is no magic %tme.");
  assert.match(magic.text, /Hint: Did you mean .*%time/);
  const option = await notebook.error(call("history", "--numbr 3"), {
    source: "%history --numbr 3",
  });
  assert.equal(option.evalue, "%history has no option --numbr.");
  assert.match(option.text, /→ 1 %history --numbr 3\n {13}\^{7}\n/);
});
