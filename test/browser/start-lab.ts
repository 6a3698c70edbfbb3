import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jupyterLabService } from "../../magics/services/jupyterlab.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { useTestEnvironment } from "../support/test-environment.ts";

/** A real JupyterLab over a folder of its own. */
export interface Lab extends AsyncDisposable {
  readonly folder: string;
  /** Address of a page, such as `lab/tree/my.ipynb`, that needs no login. */
  address(page: string): string;
  /** Writes a notebook for the TypeScript kernel; gives its path. */
  writeNotebook(name: string, cells: readonly string[]): string;
}

/** Starts it on a free port; its folder goes with it. */
export async function startLab(): Promise<Lab> {
  useTestEnvironment();
  mkdirSync(join(repositoryRoot, "dist"), { recursive: true });
  const folder = mkdtempSync(join(repositoryRoot, "dist", "lab-"));
  // A theme chosen here must not become the one of whoever runs the tests.
  for (const name of [
    "JUPYTER_CONFIG_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
  ]) {
    process.env[name] = join(folder, ".jupyter", name.toLowerCase());
  }
  const lab = await jupyterLabService({ folder }).start(0, {
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  return {
    folder,
    address: (page) => `${lab.url}/${page}?token=${lab.secret?.value ?? ""}`,
    writeNotebook(name, cells) {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify(notebookOf(cells)));
      return path;
    },
    async [Symbol.asyncDispose]() {
      await lab[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function notebookOf(cells: readonly string[]) {
  const kernelspec = {
    name: "colabcode",
    display_name: "TypeScript (ColabCode)",
    language: "typescript",
  };
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec },
    cells: cells.map((source, index) => ({
      id: `cell-${index}`,
      cell_type: "code",
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  };
}
