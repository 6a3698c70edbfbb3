import { readFile } from "node:fs/promises";
import { ColabCodeError } from "../errors.ts";
import type { SavedModel } from "./model.ts";
import { modelPath } from "./model-path.ts";
import { TreeModel } from "./tree-model.ts";

/** The model of what `toJSON` gave; throws BAD_MODEL where it is not whole. */
export function createModel(saved: SavedModel): TreeModel {
  if (saved?.format !== "colabcode-model" || !Array.isArray(saved.schema?.features)) {
    throw new ColabCodeError("BAD_MODEL", "This is not a saved model.", {
      hint: "Give what model.toJSON() gave, or train again.",
    });
  }
  if (saved.version !== 1) {
    throw new ColabCodeError("BAD_MODEL", `The model is of version ${saved.version}, known is 1.`, {
      hint: "Use the release that saved it, or train again.",
    });
  }
  return new TreeModel(saved);
}

/** Reads a model that `save` wrote; rejects with NO_SUCH_FILE or BAD_MODEL. */
export async function loadModel(path: string): Promise<TreeModel> {
  const file = modelPath(path);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new ColabCodeError("NO_SUCH_FILE", `${file} cannot be read.`, {
      hint: "Give the path that model.save() was given.",
      cause,
    });
  });
  try {
    return createModel(JSON.parse(text) as SavedModel); // Checked by createModel.
  } catch (cause) {
    if (cause instanceof ColabCodeError) {
      throw new ColabCodeError("BAD_MODEL", `${file}: ${cause.message}`, {
        ...(cause.hint === undefined ? {} : { hint: cause.hint }),
        cause,
      });
    }
    throw new ColabCodeError("BAD_MODEL", `${file} is not a saved model.`, {
      hint: "Give a file that model.save() wrote.",
      cause,
    });
  }
}
