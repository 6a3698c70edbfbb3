import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runNotebook } from "../../../kernel/client/notebook-runner.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const program = fileURLToPath(new URL("../../support/fake-kernel.js", import.meta.url));
const argv = [process.execPath, program, "{connection_file}"];

function cell(id: string, source: string | string[], tags: string[] = []) {
  const metadata = { tags };
  return { cell_type: "code", id, source, metadata, execution_count: null, outputs: [] };
}

async function writeNotebook(folder: string, cells: object[]): Promise<string> {
  const path = join(folder, "notebook.ipynb");
  await writeFile(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  return path;
}

describe("runNotebook()", { timeout: 60_000 }, () => {
  test("runs the code cells in order and writes their outputs", async () => {
    await using folder = await temporaryFolder();
    const path = await writeNotebook(folder.path, [
      { cell_type: "markdown", id: "m", source: "# title", metadata: {} },
      cell("a", ["print hello\n", "show first"]),
      cell("b", "update changed\nvalue 2"),
    ]);
    const output = join(folder.path, "out.ipynb");
    const seen: string[] = [];
    await using result = await runNotebook(path, {
      argv,
      output,
      onCell: ({ id }) => seen.push(`cell ${id}`),
      onOutput: (shown, { id }, isUpdate) =>
        seen.push(`${id} ${shown.output_type}${isUpdate ? " updated" : ""}`),
    });
    assert.equal(result.status, "ok");
    assert.equal(result.executed, 2);
    assert.equal(result.client, undefined);
    assert.deepEqual(seen, [
      "cell a",
      "a stream",
      "a display_data",
      "cell b",
      "b display_data updated",
      "b execute_result",
    ]);
    const written = JSON.parse(await readFile(output, "utf8"));
    assert.equal(written.cells[0].cell_type, "markdown");
    assert.deepEqual(written.cells[1].outputs, [
      { output_type: "stream", name: "stdout", text: ["hello\n"] },
      { output_type: "display_data", data: { "text/plain": ["changed"] }, metadata: {} },
    ]);
    assert.equal(written.cells[2].execution_count, 2);
  });

  test("stops at the cell that fails, says which, and writes what there is", async () => {
    await using folder = await temporaryFolder();
    const path = await writeNotebook(folder.path, [
      cell("a", "fail on purpose", ["raises-exception"]),
      cell("b", "fail badly"),
      cell("c", "print never"),
    ]);
    const output = join(folder.path, "out.ipynb");
    await using result = await runNotebook(path, { argv, output });
    assert.equal(result.status, "error");
    assert.equal(result.executed, 2);
    assert.equal(result.failure?.cell.id, "b");
    assert.equal(result.failure?.evalue, "badly");
    const written = JSON.parse(await readFile(output, "utf8"));
    assert.equal(written.cells[1].outputs[0].ename, "Error");
    assert.deepEqual(written.cells[2].outputs, []);
  });

  test("interrupts a cell that takes too long", async () => {
    await using folder = await temporaryFolder();
    const path = await writeNotebook(folder.path, [cell("a", "wait")]);
    await using result = await runNotebook(path, { argv, timeoutMs: 100 });
    assert.equal(result.failure?.ename, "Timeout");
    assert.equal(result.failure?.evalue, "The cell took longer than 0.1 s.");
  });

  test("a signal ends the run at the running cell", async () => {
    await using folder = await temporaryFolder();
    const path = await writeNotebook(folder.path, [cell("a", "print on\nwait"), cell("b", "")]);
    const stop = new AbortController();
    const options = { argv, signal: stop.signal, onOutput: () => stop.abort() };
    await using result = await runNotebook(path, options);
    assert.equal(result.status, "aborted");
  });

  test("keeps the kernel for the caller where asked to", async () => {
    await using folder = await temporaryFolder();
    const path = await writeNotebook(folder.path, [cell("a", "print on")]);
    const result = await runNotebook(path, { argv, keepAlive: true });
    assert.equal((await result.client?.execute("value x"))?.reply.status, "ok");
    await result[Symbol.asyncDispose]();
    assert.equal((await result.client?.ended)?.reason, "it exited with code 0");
  });

  test("names a file that is no notebook", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "notes.ipynb");
    await assert.rejects(runNotebook(path, { argv }), /notes\.ipynb cannot be read/);
    await writeFile(path, `{"nbformat": 3}`);
    await assert.rejects(runNotebook(path, { argv }), /notes\.ipynb is not a notebook of format 4/);
  });
});
