import { Worker } from "node:worker_threads";
import { ColabCodeError } from "../../errors.ts";
import type { SavedModel } from "../model.ts";
import { assembleModel } from "./assemble-model.ts";
import type { FitInput, Fitted, OnStep } from "./fit.ts";
import type { WorkerMessage } from "./training-worker.ts";

/** Fits in a worker thread, which is gone when this resolves or rejects; aborting ends it at once. */
export async function runFit(
  input: FitInput,
  { signal, onStep }: { signal: AbortSignal | undefined; onStep: OnStep },
): Promise<SavedModel> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./training-worker.js", import.meta.url), {
    workerData: input,
    execArgv: [],
  });
  const finished = new AbortController();
  try {
    const fitted = await new Promise<Fitted>((resolve, reject) => {
      worker.on("message", (message: WorkerMessage) => {
        switch (message.kind) {
          case "progress":
            return onStep(message.text, message.share, message.speed);
          case "done":
            return resolve(message.fitted);
          case "failed": {
            const { code, hint } = message;
            return reject(
              new ColabCodeError(code, message.message, hint === undefined ? {} : { hint }),
            );
          }
        }
      });
      worker.on("error", reject);
      worker.on("exit", (code) =>
        reject(new Error(`The training worker ended with code ${code}.`)),
      );
      signal?.addEventListener("abort", () => reject(signal.reason), { signal: finished.signal });
    });
    return assembleModel(fitted);
  } finally {
    finished.abort();
    await worker.terminate();
  }
}
