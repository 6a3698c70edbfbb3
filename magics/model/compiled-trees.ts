import type { SavedModel } from "./model.ts";
import { type CompiledTree, compileTree } from "./tree/compiled-tree.ts";

const known = new WeakMap<SavedModel, readonly CompiledTree[]>();

/** The trees of a model, one at least; throws BAD_MODEL where they are not whole. */
export function compiledTrees(saved: SavedModel): readonly CompiledTree[] {
  const trees =
    known.get(saved) ?? (saved.trees.length > 0 ? saved.trees : [undefined]).map(compileTree);
  known.set(saved, trees);
  return trees;
}

/** The tree of a model, or the first of several. */
export function firstTree(saved: SavedModel): CompiledTree {
  return compiledTrees(saved)[0] as CompiledTree; // There is one at least.
}

/** Keeps the trees of a model whose JSON would take long to make and to compile. */
export function rememberTrees(saved: SavedModel, trees: readonly CompiledTree[]): void {
  known.set(saved, trees);
}
