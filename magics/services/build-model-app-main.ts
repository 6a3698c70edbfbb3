/**
 * A program of its own: makes the bundle of the program that serves models, beside one that serves;
 * gives up when whoever started it, at the other end of stdin, is gone.
 */
import { buildModelApp } from "./build-model-app.ts";

const abort = new AbortController();
process.stdin.on("end", () => abort.abort()).resume();
const isBuilt = await buildModelApp(abort.signal).then(
  () => true,
  () => false, // Without it everything works, only later.
);
process.exit(isBuilt ? 0 : 1);
