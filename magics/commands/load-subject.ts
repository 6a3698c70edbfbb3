import { existsSync } from "node:fs";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { ColabCodeError } from "../errors.ts";

/**
 * What a file gives to serve: the model saved in a `.json`, or the default export (else `app`) of
 * a JavaScript or TypeScript module. Throws NO_SUCH_FILE or BAD_APP.
 */
export async function loadSubject(path: string): Promise<unknown> {
  if (!existsSync(path)) {
    throw new ColabCodeError("NO_SUCH_FILE", `There is no file ${path}.`, {
      hint: "Name a saved model (.json), a module (.js, .ts) or a variable.",
    });
  }
  if (extname(path) === ".json") {
    const { loadModel } = await import("../model/create-model.ts");
    return await loadModel(path);
  }
  const exported = await importModule(path);
  const subject = exported["default"] ?? exported["app"];
  if (subject !== undefined) return subject;
  throw new ColabCodeError("BAD_APP", `${path} exports neither a default nor \`app\`.`, {
    hint: "Write `export default app` at its end.",
  });
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isTypeScript = /\.[cm]?tsx?$/.test(path);
    throw new ColabCodeError("BAD_APP", `${path} could not be loaded: ${message}`, {
      cause: error,
      ...(isTypeScript && code === "ERR_UNKNOWN_FILE_EXTENSION"
        ? {
            hint: `Node ${process.versions.node} reads no TypeScript; use 22.18 or later, or a notebook.`,
          }
        : {}),
    });
  }
}
