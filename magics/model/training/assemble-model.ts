import { rememberTrees } from "../compiled-trees.ts";
import type { SavedModel } from "../model.ts";
import { type CartJson, toCartJson } from "../tree/cart-json.ts";
import { CompiledTree } from "../tree/compiled-tree.ts";
import type { Fitted } from "./fit.ts";

/**
 * The model of what was fitted. The JSON of its trees is made when it is asked for: for large ones
 * it takes a second and a hundred megabytes, in which a server of the same process would not answer.
 */
export function assembleModel(fitted: Fitted): SavedModel {
  const { model, details, trees, compiled, treeOptions } = fitted;
  const { format, version, schema, evaluation, ...rest } = model;
  let jsons: CartJson[] | undefined;
  let nodeRows: number[][] | undefined;
  const saved = {
    format,
    version,
    schema,
    evaluation,
    get trees() {
      jsons ??= trees.map((tree) => toCartJson(tree, treeOptions));
      return jsons;
    },
    ...rest,
    details: {
      get nodeRows() {
        nodeRows ??= trees.map(({ rows }) => Array.from(rows));
        return nodeRows;
      },
      ...details,
    },
  };
  const remembered = compiled.map((parts) => new CompiledTree(parts));
  rememberTrees(saved, remembered);
  return saved;
}
