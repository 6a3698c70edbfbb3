/** `npm run lab`: the notebooks in JupyterLab, with the TypeScript kernel of this clone. */
import { delimiter, join } from "node:path";
import { Progress } from "./progress.mjs";
import { built, ensureBuilt, ensurePackages, findTestEnvironment, main, root } from "./setup.mjs";

await main(async (signal) => {
  await ensurePackages(signal);
  await ensureBuilt(signal);
  const environment = await findTestEnvironment();
  if (environment !== undefined) {
    process.env.PATH = [join(environment, "bin"), process.env.PATH ?? ""].join(delimiter);
  }
  const { jupyterLabService } = await built("magics/services/jupyterlab.js");
  const progress = new Progress();
  const service = jupyterLabService({ folder: join(root, "notebooks") });
  const running = await service.start(Number(process.env.PORT ?? 0), {
    signal,
    onProgress: (text) => progress.show(text),
  });
  progress.end("JupyterLab runs until you press Ctrl-C. Open:");
  const query = running.secret === undefined ? "" : `?token=${running.secret.value}`;
  process.stdout.write(`${running.url}/lab${query}\n`);
  const stopped = new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", resolve, { once: true });
  });
  const end = await Promise.race([running.ended, stopped]);
  await running[Symbol.asyncDispose]();
  if (end?.asked !== false) return 0;
  process.stderr.write(`${end.reason}\n${running.log().slice(-15).join("\n")}\n`);
  return 1;
});
