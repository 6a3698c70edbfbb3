import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../support/wait-until.ts";
import { startNotebook } from "./test-notebook.ts";

test("display() and its kinds show bundles that can be replaced", async () => {
  await using notebook = await startNotebook();
  await notebook.run(`
    const shown = display.html("<b>1</b>"); shown.update("<b>2</b>");
    display.png(new Uint8Array([1, 2, 3]));
    display.raw("text/x", "x"); display(5); display.clear({ wait: true });
    require("tslab").display.markdown("*t*");`);
  const data = notebook.events.map((event) =>
    event.type === "display" ? [event.isUpdate, event.data] : event.type,
  );
  assert.deepEqual(data, [
    [false, { "text/html": "<b>1</b>", "text/plain": "1" }],
    [true, { "text/html": "<b>2</b>", "text/plain": "2" }],
    [false, { "image/png": "AQID", "text/plain": "[PNG picture]" }],
    [false, { "text/x": "x" }],
    [false, { "text/plain": "5" }],
    "clear",
    [false, { "text/markdown": "*t*" }],
  ]);
});

test("values show themselves", async () => {
  await using notebook = await startNotebook();
  const data = async (output: string) => {
    const outcome = await notebook.run(output);
    return outcome.status === "ok" ? outcome.result?.data : undefined;
  };
  assert.deepEqual(await data("exports.value = html`<i>${'<a>'}</i>`"), {
    "text/html": "<i>&#60;a&#62;</i>",
    "text/plain": "&#60;a&#62;",
  });
  assert.deepEqual(
    await data(
      `exports.value = { [Symbol.for("Jupyter.display")]: async () => ({ "text/markdown": "# x", "text/plain": "x" }) }`,
    ),
    { "text/markdown": "# x", "text/plain": "x" },
  );
  assert.deepEqual(
    await data("exports.value = { outerHTML: '<figure><h2>Two</h2><svg></svg></figure>' }"),
    { "text/html": "<figure><h2>Two</h2><svg></svg></figure>", "text/plain": "Two" },
  );
  assert.deepEqual(await data("exports.value = { outerHTML: '<svg><path/></svg>' }"), {
    "text/html": "<svg><path/></svg>",
    "text/plain": "[svg element]",
  });
  assert.deepEqual(
    await data(
      "exports.value = { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', mark: 'bar' }",
    ),
    {
      "application/vnd.vegalite.v6+json": {
        $schema: "https://vega.github.io/schema/vega-lite/v6.json",
        mark: "bar",
      },
      "text/plain":
        "{\n  '$schema': 'https://vega.github.io/schema/vega-lite/v6.json',\n  mark: 'bar'\n}",
    },
  );
  assert.deepEqual(await data("exports.value = [Promise.resolve(1)]"), {
    "text/plain": "[ Promise { 1 } ]",
  });
  assert.equal(await data("exports.value = display.vegaLite({ mark: 'point' })"), undefined);
  const rows = await data(`exports.value = [{ a: 1, b: "x" }, { a: 2.5, b: "y" }]`);
  assert.equal(
    rows?.["text/plain"],
    "        a  b\n   number  string\n0     1.0  x\n1     2.5  y\n2 rows × 2 columns",
  );
  assert.match(String(rows?.["text/html"]), /<p>2 rows × 2 columns<\/p>$/);
});

test("an error shows the cell's lines, its cause and its hint", async () => {
  await using notebook = await startNotebook();
  const error = await notebook.error(
    `const ok = 1;\nthrow Object.assign(new Error("boom", { cause: new TypeError("why") }), { hint: "Do this." });`,
  );
  assert.equal(error.ename, "Error");
  assert.match(error.text, /^Error: boom\nCell In\[1\], line 2\n {2}1 const ok = 1;\n→ 2 throw /);
  assert.match(error.text, /Caused by: TypeError: why/);
  assert.match(error.text, /Hint: Do this\.$/);
  assert.doesNotMatch(error.text, /node:internal|tslab|kernel\/runtime/);
  assert.equal((await notebook.error("throw 5")).evalue, "5");
});

test("an error shows each line of a cell once, with its deepest call", async () => {
  await using notebook = await startNotebook();
  const thrown = await notebook.error(`throw new Error("no")`);
  assert.equal(
    thrown.text,
    `Error: no\nCell In[1], line 1\n→ 1 throw new Error("no")\n          ^`,
  );
  const recursive = await notebook.error(
    `function deep(n) {\n  if (n > 20) throw new Error("deep");\n  return deep(n + 1);\n}\ndeep(0)`,
  );
  assert.deepEqual(recursive.text.match(/line \d+(?:, in \w+)?/g), [
    "line 2, in deep",
    "line 3, in deep",
    "line 5",
  ]);
  const elsewhere = await notebook.error("null.length", { source: "" });
  assert.doesNotMatch(elsewhere.text, /cell-\d/);
});

test("an error of several shows each with its line, and its causes once", async () => {
  await using notebook = await startNotebook();
  const error = await notebook.error(
    [
      `const first = new TypeError("one");`,
      `const second = new RangeError("two", { cause: first });`,
      `first.cause = second;`,
      `throw new AggregateError([first, second, 3], "many");`,
    ].join("\n"),
  );
  const titles = error.text.split("\n").filter((line) => /^(\w*Error|Cell|Caused)/.test(line));
  assert.deepEqual(titles, [
    "AggregateError: many",
    "Cell In[1], line 4",
    "Error 1 of 3: TypeError: one",
    "Cell In[1], line 1",
    "Caused by: RangeError: two",
    "Cell In[1], line 2",
    "Error 2 of 3: RangeError: two",
    "Cell In[1], line 2",
    "Caused by: TypeError: one",
    "Cell In[1], line 1",
    "Error 3 of 3: Thrown: 3",
  ]);
});

test("input() and prompt() ask the front end, where it allows", async () => {
  await using notebook = await startNotebook();
  const asked = (count: number) =>
    waitUntil(
      "asked",
      () => notebook.events.filter(({ type }) => type === "input").length === count,
    );
  const value = notebook.value(
    "exports.value = [await input('a?'), await password('b?'), prompt('c?')]",
    { isInputAllowed: true },
  );
  for (const [index, answer] of ["one", "two", "three"].entries()) {
    await asked(index + 1);
    notebook.runtime.answerInput(answer);
  }
  assert.equal(await value, "[ 'one', 'two', 'three' ]");
  assert.match((await notebook.error("await input('?')")).evalue, /takes no input/);
  const cell = notebook.error("prompt('d?')", { isInputAllowed: true });
  await asked(4);
  await notebook.runtime.interrupt();
  assert.equal((await cell).isInterrupt, true);
});
