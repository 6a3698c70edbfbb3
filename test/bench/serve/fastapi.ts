import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureInstalled } from "../../../magics/install/installation.ts";
import { environmentPython, pythonEnvironment } from "../../../magics/install/python.ts";
import { repositoryRoot } from "../../support/repository-root.ts";
import { makeRows } from "./rows.ts";

const requirements = [
  "fastapi==0.165.0",
  "uvicorn[standard]==0.54.0",
  "scikit-learn==1.9.1",
] as const;

const program = join(repositoryRoot, "test", "bench", "serve", "fastapi_app.py");

/** The command that serves the bench's model by FastAPI; installs it into the cache where it is missing. */
export async function prepareFastApi(folder: string): Promise<readonly string[]> {
  const environment = pythonEnvironment(
    { name: "bench-env", title: "FastAPI and scikit-learn", version: requirements.join(" ") },
    requirements,
  );
  const installed = await ensureInstalled(environment, {
    signal: AbortSignal.timeout(600_000),
    onProgress: (text) => console.error(text),
  });
  const python = environmentPython(installed);
  const [rows, model] = [join(folder, "rows.json"), join(folder, "model.joblib")];
  await writeFile(rows, JSON.stringify(makeRows(4000)));
  await promisify(execFile)(python, [program, "train", rows, model]);
  return [python, program, "serve", model];
}
