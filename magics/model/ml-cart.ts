import { createRequire } from "node:module";

/** The part of ml-cart's DecisionTreeClassifier and DecisionTreeRegression that is there after loading. */
export interface CartTree {
  predict(rows: readonly (readonly number[])[]): number[];
  toJSON(): object;
}

interface MlCart {
  readonly DecisionTreeClassifier: { load(json: unknown): CartTree };
  readonly DecisionTreeRegression: { load(json: unknown): CartTree };
}

/** A real ml-cart tree of ml-cart's JSON. Loads the library when it is first called. */
export function loadCartTree(json: unknown, task: "classification" | "regression"): CartTree {
  // The package brings no types; this is what its documentation promises.
  const library = createRequire(import.meta.url)("ml-cart") as MlCart;
  return task === "classification"
    ? library.DecisionTreeClassifier.load(json)
    : library.DecisionTreeRegression.load(json);
}

/** Version of ml-cart whose trees these are. */
export function cartVersion(): string {
  // A package's own description of itself always has a version.
  return (createRequire(import.meta.url)("ml-cart/package.json") as { version: string }).version;
}
