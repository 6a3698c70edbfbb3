import type { Model } from "./model.ts";

let last: Model | undefined;

/** Keeps `model` as what `app` serves when nothing is named. */
export function rememberModel(model: Model): void {
  last = model;
}

/** The model trained last in this process. */
export function lastModel(): Model | undefined {
  return last;
}

/** True for what `trainModel` and `loadModel` give. */
export function isModel(value: unknown): value is Model {
  return (
    typeof value === "object" &&
    value !== null &&
    "schema" in value &&
    "toJSON" in value &&
    typeof value.toJSON === "function" &&
    "predict" in value &&
    typeof value.predict === "function"
  );
}
