/** `npm start`: runs the quickstart notebook in the real kernel and leaves its API serving until Ctrl-C. */
import { join } from "node:path";
import { CellPrinter } from "./cell-printer.mjs";
import { Progress } from "./progress.mjs";
import { built, ensureBuilt, ensurePackages, main, root } from "./setup.mjs";

await main(async (signal) => {
  await ensurePackages(signal);
  await ensureBuilt(signal);
  const { runNotebook } = await built("kernel/client/notebook-runner.js");
  const { renderOutput, terminalStyle } = await built("kernel/client/terminal-output.js");
  const style = terminalStyle(process.stdout);
  const printer = new CellPrinter((output) => renderOutput(output, style), new Progress());
  const port = process.env.PORT || process.env.COLABCODE_PORT || "8000";
  const result = await runNotebook(join(root, "notebooks", "quickstart.ipynb"), {
    keepAlive: true,
    signal,
    environment: { PORT: port, COLABCODE_PORT: port },
    onCell: (cell) => printer.cell(cell),
    onOutput: (output, _cell, isUpdate) => printer.output(output, isUpdate),
  });
  try {
    printer.finish();
    if (result.status === "aborted") return 130;
    if (result.failure !== undefined) {
      const { cell, ename, evalue } = result.failure;
      throw new Error(`Cell ${cell.index + 1} of the notebook failed: ${ename}: ${evalue}`);
    }
    await checkAnswers(port, signal);
    return await serve(port, result.client, signal);
  } finally {
    await result[Symbol.asyncDispose]();
  }
});

async function checkAnswers(port, signal) {
  const url = `http://127.0.0.1:${port}/readyz`;
  const response = await fetch(url, { signal }).catch(() => undefined);
  if (response?.status === 200) return;
  throw new Error(`The notebook ran, but nothing answers at ${url}.`);
}

/** Resolves with the exit code after Ctrl-C or the kernel's end. */
async function serve(port, kernel, signal) {
  const base = `http://127.0.0.1:${port}`;
  const lines = ["", "The API is live:", `${base}/`, `${base}/docs`, `${base}/openapi.json`];
  process.stdout.write(`${lines.join("\n")}\nPress Ctrl-C to end it.\n`);
  const stopped = new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const end = await Promise.race([stopped, kernel.ended]);
  if (end === undefined) return 0;
  process.stderr.write(`The kernel ended: ${end.reason}.\n${end.lastWords}\n`);
  return 1;
}
