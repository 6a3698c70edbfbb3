import { parentPort, workerData } from "node:worker_threads";
import { ColabCodeError, type ErrorCode } from "../../errors.ts";
import type { SavedModel } from "../model.ts";
import { type FitInput, fit } from "./fit.ts";

/** What the worker tells the thread that started it. */
export type WorkerMessage =
  | {
      readonly kind: "progress";
      readonly text: string;
      readonly share: number | undefined;
      readonly speed: string | undefined;
    }
  | { readonly kind: "done"; readonly model: SavedModel }
  | {
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | undefined;
    };

const progressEveryMs = 50;

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

let lastText = "";
let lastAt = 0;

try {
  // The thread that starts this worker sends exactly this.
  const model = fit(workerData as FitInput, (text, share, speed) => {
    const now = performance.now();
    if (text === lastText && now - lastAt < progressEveryMs) return;
    lastText = text;
    lastAt = now;
    post({ kind: "progress", text, share, speed });
  });
  post({ kind: "done", model });
} catch (error) {
  if (!(error instanceof ColabCodeError)) throw error;
  post({ kind: "failed", code: error.code, message: error.message, hint: error.hint });
}
