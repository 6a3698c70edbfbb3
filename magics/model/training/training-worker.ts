import { parentPort, workerData } from "node:worker_threads";
import { ColabCodeError, type ErrorCode } from "../../errors.ts";
import type { TreeParts } from "../tree/compiled-tree.ts";
import type { FlatTree } from "../tree/flat-tree.ts";
import { type FitInput, type Fitted, fit } from "./fit.ts";
import { letOthersFirst } from "./let-others-first.ts";

/** What the worker tells the thread that started it. */
export type WorkerMessage =
  | {
      readonly kind: "progress";
      readonly text: string;
      readonly share: number | undefined;
      readonly speed: string | undefined;
    }
  | { readonly kind: "done"; readonly fitted: Fitted }
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

letOthersFirst();
try {
  // The thread that starts this worker sends exactly this.
  const fitted = fit(workerData as FitInput, (text, share, speed) => {
    const now = performance.now();
    if (text === lastText && now - lastAt < progressEveryMs) return;
    lastText = text;
    lastAt = now;
    post({ kind: "progress", text, share, speed });
  });
  const memory = memoryOf([...fitted.trees, ...fitted.compiled]);
  parentPort?.postMessage({ kind: "done", fitted } satisfies WorkerMessage, memory);
} catch (error) {
  if (!(error instanceof ColabCodeError)) throw error;
  post({ kind: "failed", code: error.code, message: error.message, hint: error.hint });
}

/** What is handed over, not copied. */
function memoryOf(trees: readonly (FlatTree | TreeParts)[]): ArrayBuffer[] {
  const memory = new Set<ArrayBuffer>();
  for (const value of trees.flatMap((tree): unknown[] => Object.values(tree))) {
    if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer) memory.add(value.buffer);
  }
  return [...memory];
}
