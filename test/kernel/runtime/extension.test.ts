import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { startNotebook } from "./test-notebook.ts";

const source = `
const { z } = require("zod");
exports.extension = {
  name: "greeter",
  magics: [{ name: "greet", summary: "Greets.", body: "none", commands: [{
    name: "", summary: "Greets.", positionals: ["who"], options: z.object({ who: z.string() }),
    run({ who }, { host }) {
      host.variables.set({ name: "greeted", type: "string" }, who);
      return "hello " + who;
    },
  }] }],
  activate(host) {
    host.onCellStart((cell) => host.display.write("stdout", "start " + cell.execution + "\\n"));
    host.onCellEnd((cell, outcome) => host.display.write("stdout", outcome + "\\n"));
    host.onCellsDeleted((ids) => host.display.write("stdout", "gone " + ids + "\\n"));
    host.comms.registerTarget("echo", (comm) => comm.onMessage((data) => comm.send({ back: data })));
  },
};
`;

async function writePackage(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, "node_modules", name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "package.json"), JSON.stringify({ name, main: "index.js" }));
  await writeFile(join(path, "index.js"), text);
}

test("an extension of the notebook's folder gives magics, listeners and comm targets", async () => {
  await using folder = await temporaryFolder();
  await writePackage(folder.path, "greeter", source);
  await using notebook = await startNotebook({ folder: folder.path, extensions: ["greeter"] });
  const magics = await notebook.runtime.loadMagics();
  assert.ok(magics.some(({ name }) => name === "greet"));
  const outcome = await notebook.run(`exports.value = await __magic__("greet", "Ada")`, {
    deletedCells: ["old"],
  });
  assert.ok(outcome.status === "ok");
  assert.deepEqual(outcome.result?.data, { "text/plain": "'hello Ada'" });
  assert.deepEqual(outcome.variables, [{ name: "greeted", type: "string" }]);
  assert.equal(await notebook.value("exports.value = exports.greeted"), "'Ada'");
  assert.equal(notebook.text("stdout", 1), "gone old\nstart 1\nok\n");
  const comm = { metadata: {}, buffers: [], target: undefined, data: {} };
  notebook.events.length = 0;
  notebook.runtime.sendComm({ ...comm, message: "comm_open", commId: "c1", target: "echo" });
  notebook.runtime.sendComm({ ...comm, message: "comm_msg", commId: "c1", data: { a: 1 } });
  notebook.runtime.sendComm({ ...comm, message: "comm_open", commId: "c2", target: "nobody" });
  await waitUntil("both are answered", () => notebook.events.length === 2);
  const answers = notebook.events.map((event) =>
    event.type === "comm" ? [event.message, event.commId, event.data] : event.type,
  );
  assert.deepEqual(answers, [
    ["comm_msg", "c1", { back: { a: 1 } }],
    ["comm_close", "c2", {}],
  ]);
});

test("an extension that fails to load is an error when it is used", async () => {
  await using folder = await temporaryFolder();
  await writePackage(folder.path, "broken", "throw new Error('bad start');");
  await using notebook = await startNotebook({ folder: folder.path, extensions: ["broken"] });
  assert.equal(await notebook.value("exports.value = 1"), "1");
  const error = await notebook.error(`await __magic__("anything", "")`);
  assert.equal(error.evalue, "The extension broken could not be loaded.");
  assert.match(error.text, /bad start/);
});
